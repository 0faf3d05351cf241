#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A file that is there while the server is ready.
///
/// It takes the place of nothing but what a run before this one has left.
struct ReadyFile {
    private let path: String
    /// The flag or variable that named it.
    private let source: String

    /// Takes the file of a setting.
    ///
    /// - Throws: `UsageError` when the setting names none.
    init(_ setting: Setting) throws(UsageError) {
        path = try setting.read(expecting: "the name of a file, in UTF-8", Setting.path)
        source = setting.source
    }

    /// Makes sure that nothing else is kept there, or is about to be.
    ///
    /// - Parameters:
    ///   - store: the file of the store.
    ///   - snapshot: the file of the snapshot.
    ///   - seeds: directories of seeds.
    /// - Throws: `UsageError`.
    func check(store: String?, snapshot: String?, seeds: [String]) throws(UsageError) {
        let place = Self.place(of: path)
        // What SQLite keeps beside a store is part of it.
        let files = ["", "-wal", "-journal"].compactMap { ending in store.map { Self.place(of: $0) + ending } }
        let isSeed = place.hasSuffix(".json") && seeds.map(Self.place).contains(Self.folder(of: Self.folder(of: place)))
        guard !isSeed, !(files + [snapshot.map(Self.place)].compactMap(\.self)).contains(place) else {
            throw UsageError(description: "\(source): \"\(path)\" is where the store, the snapshot or a seed is")
        }
        try checkContent()
    }

    /// Writes the file, as a whole or not at all.
    ///
    /// - Parameter url: the server's address.
    /// - Throws: `UsageError` when it cannot be written.
    func write(_ url: String) throws(UsageError) {
        try checkContent()
        do {
            try Data((url + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw UsageError(description: "\(source): \"\(path)\" cannot be written")
        }
    }

    func remove() {
        if isFree { unlink(path) }
    }

    private func checkContent() throws(UsageError) {
        guard isFree else {
            throw UsageError(description: "\(source): \"\(path)\" is there, and is not the ready file of another run")
        }
    }

    /// Whether nobody would miss what is there: nothing, or no more than an address.
    private var isFree: Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return true }
        // A pipe would keep whoever opens it waiting; what is larger than an address need not be read.
        guard status.st_mode & mode_t(S_IFMT) == mode_t(S_IFREG), status.st_size < 300,
            let content = FileManager.default.contents(atPath: path)
        else { return false }
        let isAddress = content.starts(with: Data("http://".utf8)) && content.last == UInt8(ascii: "\n")
        return content.isEmpty || isAddress && !content.dropLast().contains(UInt8(ascii: "\n"))
    }

    /// A name without links and detours, by which one can tell whether two are the same file's, which need not be there yet.
    private static func place(of path: String) -> String {
        if let whole = resolved(path) { return whole }
        let folder = folder(of: path)
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return (resolved(folder.isEmpty ? "." : folder) ?? folder) + "/" + name
    }

    private static func resolved(_ path: String) -> String? {
        guard let name = realpath(path, nil) else { return nil }
        defer { free(name) }
        return String(cString: name)
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
