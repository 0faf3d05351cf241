import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One run of the built program: what it wrote so far, and how it ended.
///
/// It writes to files rather than pipes, so that no other program that is started meanwhile can hold an end of it.
final class Program: Sendable {
    let process: pid_t
    private let folder = Scratch()
    private let ending = Mutex<Int32?>(nil)

    /// How a program ended.
    struct Ended: Sendable, CustomStringConvertible {
        var code: Int32
        var output: String
        var errors: String

        var description: String { "exit \(code)\n\(output)\n\(errors)" }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Starts the program with the variables given here and none of the test's own.
    ///
    /// - Parameters:
    ///   - arguments: the command line.
    ///   - environment: the variables.
    ///   - output: what stands in for standard output, where a file does not do.
    ///   - errors: what stands in for standard error.
    ///   - launcher: a program with arguments that starts this one.
    /// - Throws: `Failure` when it cannot be started.
    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        output: ProgramPipe? = nil,
        errors: ProgramPipe? = nil,
        launcher: [String] = [],
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, folder.path("output"), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, folder.path("errors"), O_WRONLY | O_CREAT, 0o600)
        if let output { posix_spawn_file_actions_adddup2(&actions, output.writing, 1) }
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors.writing, 2) }
        // Whoever runs the tests may ignore SIGPIPE, which the program would inherit.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var variables = environment
        // Where the test's own run time libraries may come from, and what they were told if they are a sanitizer's.
        for name in ["LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
            variables[name] = ProcessInfo.processInfo.environment[name]
        }
        let words = launcher + [Self.path] + arguments
        let texts = words.map { strdup($0) }
        let settings = variables.map { strdup("\($0)=\($1)") }
        defer { for text in texts + settings { free(text) } }
        var process = pid_t()
        let code = posix_spawn(&process, words[0], &actions, &attributes, texts + [nil], settings + [nil])
        guard code == 0 else { throw Failure(description: "\(words[0]): \(String(cString: strerror(code)))") }
        self.process = process
    }

    deinit {
        guard ending.withLock({ $0 }) == nil else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// Runs the program to its end.
    static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Ended {
        try Program(arguments, environment: environment).end()
    }

    var output: String { folder.text("output") }

    var errors: String { folder.text("errors") }

    func send(_ signal: Int32) {
        kill(process, signal)
    }

    #if os(Linux)
    /// Makes the largest file that the program may write so large; `nil` is any size.
    func limitFiles(to bytes: Int?) throws {
        let limit = bytes.map(String.init) ?? "unlimited"
        // The limit in force, which may be raised again.
        let words = ["--pid=\(process)", "--fsize=\(limit):"]
        let tool = try Foundation.Process.run(URL(filePath: "/usr/bin/prlimit"), arguments: words)
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else { throw Failure(description: "prlimit \(words)") }
    }

    /// How much of the program is in memory.
    var residentMegabytes: Int {
        get throws {
            let status = try String(contentsOf: URL(filePath: "/proc/\(process)/status"), encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
            guard let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
            else {
                throw Failure(description: "\(process) has no VmRSS")
            }
            return kilobytes / 1_024
        }
    }
    #endif

    /// Waits for the end; a program killed by a signal has that signal's negative number for a code.
    func end(within seconds: Double = 20) throws -> Ended {
        guard Self.eventually(within: seconds, { self.hasEnded() }), let code = ending.withLock({ $0 }) else {
            throw Failure(description: "still running\n\(output)\n\(errors)")
        }
        return Ended(code: code, output: output, errors: errors)
    }

    private func hasEnded() -> Bool {
        ending.withLock { ending in
            if ending != nil { return true }
            var status: Int32 = 0
            guard waitpid(process, &status, WNOHANG) == process else { return false }
            ending = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
            return true
        }
    }

    /// Waits until a condition holds.
    static func eventually(within seconds: Double = 20, _ condition: () -> Bool) -> Bool {
        for _ in 0..<Int(seconds * 200) {
            if condition() { return true }
            usleep(5_000)
        }
        return condition()
    }

    /// The executable lies beside the tests; where they are a bundle, beside that.
    static let path: String = {
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let root = packageRoot.appending(path: ".build/debug")
        let places = [folder, root].map { $0.appending(path: "patchbay").standardizedFileURL.path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[0]
    }()
}

/// A pipe in place of a program's standard output or standard error, for tests of who reads it and who does not.
final class ProgramPipe: Sendable {
    fileprivate let writing: Int32
    private let reading: Mutex<Int32>

    init() throws {
        // Named, because its ends can be opened closed on exec: no program that is started meanwhile holds one of them.
        let folder = Scratch()
        let isMade = mkfifo(folder.path("pipe"), 0o600) == 0
        reading = Mutex(open(folder.path("pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC))
        writing = open(folder.path("pipe"), O_WRONLY | O_CLOEXEC)
        guard isMade, writing >= 0 else {
            throw Program.Failure(description: "no pipe: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        stopReading()
        if writing >= 0 { close(writing) }
    }

    /// Closes the end that is read, so that writing is an error.
    func stopReading() {
        reading.withLock { reading in
            if reading >= 0 { close(reading) }
            reading = -1
        }
    }

    /// Everything that was written and not yet read.
    func text() -> String {
        reading.withLock { reading in
            var bytes: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 65_536)
            while case let count = read(reading, &piece, piece.count), count > 0 { bytes += piece[..<count] }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// A running server on a free port of 127.0.0.1, killed at the end of its test if it still runs then.
struct RunningServer: ~Copyable {
    let program: Program
    /// `http://127.0.0.1:50123`.
    let url: String

    var port: UInt16 { url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

    /// Starts `patchbay` with further arguments and waits until it is ready.
    init(
        _ arguments: String...,
        environment: [String: String] = [:],
        port: String? = "0",
        errors: ProgramPipe? = nil,
    ) throws {
        let words = (port.map { ["--port", $0] } ?? []) + arguments
        try self.init(Program(words, environment: environment, errors: errors))
    }

    /// Waits until a program is ready.
    init(_ program: Program) throws {
        url = try Self.url(of: program)
        self.program = program
    }

    /// Takes a program that is known to listen at an address.
    init(_ program: Program, at url: String) {
        self.program = program
        self.url = url
    }

    private static func url(of program: Program) throws -> String {
        guard Program.eventually({ program.output.contains("Ready.\n") }) else {
            throw Program.Failure(description: "never ready\n\(program.output)\n\(program.errors)")
        }
        return String(program.output.prefix { $0 != "\n" }.dropFirst("Listening on ".count))
    }

    /// Asks it to stop, and waits.
    func stop(with signal: Int32 = SIGTERM) throws -> Program.Ended {
        program.send(signal)
        return try program.end()
    }

    /// Opens a connection and sends the text, which may be less than a request.
    ///
    /// - Parameter text: what is sent.
    /// - Returns: the connection, to be closed.
    /// - Throws: `Program.Failure` when the server takes none.
    func connection(sending text: String) throws -> Int32 {
        let descriptor = socket(AF_INET, streamType, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { connect(descriptor, $0.baseAddress, socklen_t(bytes.count)) }
        }
        let bytes = Array(text.utf8)
        guard connected == 0, send(descriptor, bytes, bytes.count, 0) == bytes.count else {
            close(descriptor)
            throw Program.Failure(description: "cannot connect and send to \(url)")
        }
        return descriptor
    }

    /// The status and the whole answer to a GET.
    func get(_ path: String, headers: [String] = []) throws -> (status: Int, text: String) {
        let lines = ["GET \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"] + headers
        let text = try exchange(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return (Int(text.dropFirst(9).prefix(3)) ?? 0, text)
    }

    /// Everything that comes back until the server closes.
    func exchange(_ text: String) throws -> String {
        let descriptor = try connection(sending: text)
        defer { close(descriptor) }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(descriptor, &piece, piece.count, 0), count > 0 { answer += piece[..<count] }
        return String(decoding: answer, as: UTF8.self)
    }
}

/// An enumerator in glibc and a number elsewhere.
var streamType: Int32 {
    #if canImport(Glibc)
    Int32(SOCK_STREAM.rawValue)
    #else
    SOCK_STREAM
    #endif
}

/// A folder of its own, removed when nobody uses it any more.
final class Scratch: Sendable {
    let root: String

    init() {
        root = NSTemporaryDirectory() + "/patchbay-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    /// Takes a folder, which is removed as well.
    init(at root: String) {
        self.root = root
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// The names of the files.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted() }

    /// How many bytes a file has.
    func size(_ name: String) -> Int { bytes(name)?.count ?? 0 }

    /// Seeds for a server of which no list is asked: the bundled ones take their time.
    static func seedsWithoutRows() throws -> Scratch {
        let folder = Scratch()
        try folder.write("cloudflare/none.json", "{}")
        return folder
    }

    func path(_ name: String) -> String { root + "/" + name }

    /// A file's text; empty when there is none.
    func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
    }

    /// A file's bytes.
    func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: path(name)) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// Writes a file, with the folders above it.
    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}

/// The package's folder.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
