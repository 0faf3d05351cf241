#if os(Linux)
import Foundation
import SeededGenerator
import Testing

/// A disk that is full, for a while, and what else cannot be written.
@Suite(.timeLimit(.minutes(5)))
struct FullDiskTests {
    private let folder = Scratch()

    /// What a write is told that begins so.
    private static let refusals = [
        ("/v1/", #"{"error_code":"EndPoint.0001","error_msg":"#),
        ("/v2/", #"{"error_code":"APIC.9100","error_msg":"#),
        ("/v3/", #"{"error":{"code":500,"#),
        ("/client/v4/", #""errors":[{"code":10013,"message":"#),
        ("/sql/v1/", #""code":"internal_server_error""#),
        ("/api/atlas/", #""errorCode":"UNEXPECTED_ERROR""#),
        ("/_patchbay/", #""detail":"The store failed: SQLite: "#),
    ]

    private static let logIn = """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"full","password":"full-password",
        "domain":{"name":"patchbay"}}}},"scope":{"domain":{"name":"patchbay"}}}}
        """

    private func expectRefusal(_ answer: String, of path: String) {
        let refusal = Self.refusals.first { path.hasPrefix($0.0) }?.1 ?? "none"
        #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.contains(refusal), "\(path): \(answer)")
    }

    private func words(store: String) -> [String] {
        ["--port", "0", "--auth", "off", "--store", store, "--seed", folder.path("seeds")]
    }

    /// Writes until that has been refused three times, or can go on no further.
    private func isRefused(_ trader: Trader, by server: Door, using generator: inout SeededGenerator) throws -> Bool {
        var refused = 0
        for _ in 1...5_000 {
            switch try trader.write(to: server, using: &generator) {
            case .refused(let step, let answer):
                expectRefusal(answer, of: step.path)
                refused += 1
                if refused == 3 { return true }
            case .standing: return true
            case .acknowledged: continue
            case .unanswered: return false
            }
        }
        return false
    }

    private static let seed = UInt64.random(in: 0...999_999)

    @Test(arguments: Disk.Kind.possible, [(0, seed), (40_960, seed), (409_600, seed)])
    func `A full disk is told for every write, reads go on, and writes do when there is room again`(
        kind: Disk.Kind,
        room: (bytes: Int, seed: UInt64),
    ) throws {
        try folder.copySeeds(Trade.seeds + ["identity/identity-credentials.json"])
        let disk = try Disk(kind, in: folder, words: words)
        var generator = SeededGenerator(seed: room.seed)
        let traders = try Trade.all.map { try Trader($0, of: disk.server.door) }
        for _ in 1...2 {
            try disk.fill(leaving: room.bytes)
            for trader in traders {
                trader.isShortOfRoom = true
                #expect(try isRefused(trader, by: disk.server.door, using: &generator), "\(trader.trade.name)")
            }
            let token = try (1...100).map { _ in try disk.server.door.ask("POST", "/v3/auth/tokens", Self.logIn) }
                .first { $0.status != 201 }
            expectRefusal(token?.text ?? "", of: "/v3/auth/tokens")
            try disk.free()
            // What did not come about by itself is tried again after a second.
            usleep(1_100_000)
            #expect(try disk.server.door.ask("POST", "/v3/auth/tokens", Self.logIn).status == 201)
            for trader in traders {
                trader.isShortOfRoom = false
                guard case .acknowledged = try trader.write(to: disk.server.door, using: &generator) else {
                    Issue.record("\(trader.trade.name) is refused when there is room again")
                    continue
                }
            }
        }
        // What a kill at this moment would leave.
        try disk.copy("left.db")
        let ended = try disk.server.stop()
        #expect(ended.code == 0)
        #expect(ended.errors.contains(" error cloudflare: the store failed: SQLite: "))
        let again = try RunningServer(Program(words(store: folder.path("left.db"))))
        for trader in traders { #expect(try !trader.checkAfterRestart(again.door)) }
    }

    @Test(arguments: Disk.Kind.possible, [seed])
    func `Nothing is lost when the disk is full at the stop, and what stands beside the file is told`(
        kind: Disk.Kind,
        seed: UInt64,
    ) throws {
        try folder.copySeeds(Trade.seeds)
        let disk = try Disk(kind, in: folder, words: words)
        var generator = SeededGenerator(seed: seed)
        let traders = try Trade.all.map { try Trader($0, of: disk.server.door) }
        for trader in traders {
            for _ in 1...20 { _ = try trader.write(to: disk.server.door, using: &generator) }
            #expect(trader.written == 20)
        }
        try disk.fill(leaving: 0)
        let ended = try disk.server.stop()
        #expect(ended.code == 0)
        try disk.copy("left.db")
        let warning = " warning some of the store stands beside its file until the next start: SQLite: "
        #expect(ended.errors.contains(warning) == (folder.size("left.db-wal") > 0))
        let again = try RunningServer(Program(words(store: folder.path("left.db"))))
        for trader in traders { #expect(try !trader.checkAfterRestart(again.door)) }
    }
}

extension FullDiskTests {
    private static let withFullOutput = ["/bin/sh", "-c", #"exec "$@" > /dev/full"#, "sh"]

    @Test(arguments: ["version", "--help", "routes", "seed check \(Scratch.bundled)"])
    func `Output that cannot be written is exit 1 and told`(words: String) throws {
        let words = words.split(separator: " ").map(String.init)
        let ended = try Program(words, launcher: Self.withFullOutput).end()
        #expect(ended.code == 1)
        #expect(ended.errors == "patchbay: standard output cannot be written: No space left on device\n")
    }

    @Test func `A server whose output cannot be written says so in its log, and serves`() throws {
        try folder.write("seeds/cloudflare/none.json", "{}")
        let words = ["--port", "0", "--seed", folder.path("seeds"), "--ready-file", folder.path("ready")]
        let program = try Program(words, launcher: Self.withFullOutput)
        try #require(Program.eventually { folder.exists("ready") })
        let server = RunningServer(program, at: String(folder.text("ready").dropLast()))
        #expect(try server.get("/_patchbay/ready").status == 200)
        let ended = try server.stop()
        #expect(ended.code == 0)
        for line in ["Listening on \(server.url)", "Ready."] {
            let warning = "\"\(line)\" cannot be written to standard output: No space left on device"
            #expect(ended.errors.contains(warning), "\(ended)")
        }
    }

    @Test(arguments: ["/dev/null", "/"])
    func `A ready file that would take the place of something else is exit 2 and named`(path: String) throws {
        let ended = try Program.run("--port", "0", "--ready-file", path)
        #expect(ended.code == 2 && ended.output.isEmpty)
        #expect(
            ended.errors == "patchbay: --ready-file: \"\(path)\" is there, and is not the ready file of another run\n"
        )
    }
}

/// Where a program has its store, and what there can be too little of.
final class Disk {
    enum Kind: CaseIterable {
        /// The size that a file may have is limited.
        case limited
        /// A file system of 16 MB that the program alone has, and that is filled.
        case small

        static let possible = allCases.filter { $0 == .limited || Disk.unshared != nil }
    }

    /// Starts a program in a place where it may mount a file system of its own; `nil` where nobody may.
    private static let unshared: [String]? = {
        let launcher = ["/usr/bin/unshare", "--map-root-user", "--mount"]
        let mount = launcher.dropFirst() + ["mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        guard let tried = try? Process.run(URL(filePath: launcher[0]), arguments: Array(mount)) else { return nil }
        tried.waitUntilExit()
        return tried.terminationStatus == 0 ? launcher : nil
    }()

    let server: RunningServer
    private let kind: Kind
    private let folder: Scratch
    /// The program's folder, which goes with the program where it is a file system of its own, unless somebody has it open.
    private let descriptor: Int32

    /// Starts a program whose store is on the disk.
    init(_ kind: Kind, in folder: Scratch, words: (String) -> [String]) throws {
        (self.kind, self.folder) = (kind, folder)
        let place = folder.path("disk")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        let mounting = ["/bin/sh", "-c", #"mount -t tmpfs -o size=16m tmpfs "$0" && exec "$@""#, place]
        let launcher = kind == .small ? (Self.unshared ?? []) + mounting : []
        server = try RunningServer(Program(words(place + "/store.db"), launcher: launcher))
        descriptor = open("/proc/\(server.program.process)/root\(place)", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }

    deinit {
        close(descriptor)
    }

    private func path(_ name: String) -> String { "/proc/self/fd/\(descriptor)/\(name)" }

    private func bytes(_ name: String) -> Data { FileManager.default.contents(atPath: path(name)) ?? Data() }

    /// Leaves room for so many bytes more.
    func fill(leaving room: Int) throws {
        switch kind {
        case .limited:
            try server.program.limitFiles(to: max(bytes("store.db").count, bytes("store.db-wal").count) + room)
        case .small:
            let file = open(path("ballast"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            defer { close(file) }
            let page = [UInt8](repeating: 0, count: 4_096)
            var size = 0
            while case let count = write(file, page, page.count), count > 0 { size += count }
            guard file >= 0, ftruncate(file, off_t(max(0, size - room))) == 0 else {
                throw Program.Failure(description: "the disk cannot be filled: \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Makes room again.
    func free() throws {
        switch kind {
        case .limited: try server.program.limitFiles(to: nil)
        case .small: try FileManager.default.removeItem(atPath: path("ballast"))
        }
    }

    /// Copies the store to another file, with what stands beside it.
    func copy(_ name: String) throws {
        for suffix in ["", "-wal"] {
            try bytes("store.db" + suffix).write(to: URL(filePath: folder.path(name + suffix)))
        }
    }
}
#endif
