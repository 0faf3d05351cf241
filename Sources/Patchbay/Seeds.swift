internal import PatchbayAPIKit
internal import PatchbaySeedData
internal import PatchbayStore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Where seed data comes from.
public enum Seeds: Sendable {
    /// The data that the program carries.
    case bundled
    /// Directories with a folder for each API, which holds any number of `.json` files.
    case directories([String])

    /// The files, directory by directory, API by API, in the order of their names.
    ///
    /// - Throws: `SeedError` when a directory or a file cannot be read, or a folder is no API's.
    func files(for services: [Service]) throws(SeedError) -> [SeedFile] {
        switch self {
        case .bundled:
            return Self.bundledFiles(for: services)
        case .directories(let directories):
            var files: [SeedFile] = []
            for directory in directories { files += try Self.files(in: directory, for: services) }
            return files
        }
    }

    /// The bundled files as a store holds them, made by `patchbay seed image`.
    static func withImage<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        var length = 0
        let start = seed_image(&length)
        defer { seed_image_is_read() }
        return try body(UnsafeRawBufferPointer(start: start, count: length))
    }

    /// Loads the bundled files, and makes the image of them that the program is to carry.
    ///
    /// - Returns: the image's bytes.
    /// - Throws: `SeedError`, `SQLiteError`.
    public static func makeImage() throws -> [UInt8] {
        let services = try Catalogue.services()
        let store = try Store(services.flatMap(\.collections))
        try store.load(bundledFiles(for: services))
        return try store.image()
    }

    private static func bundledFiles(for services: [Service]) -> [SeedFile] {
        var files: [SeedFile] = []
        while let file = seed_file_at(files.count)?.pointee {
            let name = String(cString: file.name)
            let collections = services.first { $0.name == String(cString: file.api) }?.collections ?? []
            let text = SeedText(constant: UnsafeBufferPointer(start: file.content, count: file.length))
            files.append(SeedFile(name: "bundled \(name)", collections: collections, content: .constant(text)))
        }
        return files
    }

    private static func files(in directory: String, for services: [Service]) throws(SeedError) -> [SeedFile] {
        var files: [SeedFile] = []
        let parents = services.flatMap(\.collections).compactMap(\.parent)
        let entries = try Self.entries(of: directory).map { (name: $0, isFolder: isDirectory(directory + "/" + $0)) }
        if let stray = entries.first(where: { !$0.isFolder && isSeedFile($0.name) }) {
            throw unread(stray.name, in: directory, services)
        }
        for (folder, isFolder) in entries where isFolder && !folder.hasPrefix(".") {
            let names = try Self.entries(of: directory + "/" + folder).filter(isSeedFile)
            guard let service = services.first(where: { $0.name == folder }) else {
                // Folders without seed files are none of our business.
                if names.isEmpty { continue }
                let known = services.map(\.name)
                let suggestion = Nearest.suggestion(for: folder, in: known)
                let reason =
                    "is no API\(suggestion.isEmpty ? "." : suggestion) The APIs are \(known.joined(separator: ", "))"
                throw SeedError([.init(file: directory, place: "/" + folder, reason: reason)])
            }
            for name in names {
                let path = "\(directory)/\(folder)/\(name)"
                files.append(
                    SeedFile(
                        name: path,
                        collections: service.collections,
                        parents: parents,
                        content: try content(of: path)
                    )
                )
            }
        }
        guard !files.isEmpty else {
            let reason = "holds no seeds; expected a folder named after an API with .json files in it"
            throw SeedError([.init(file: directory, place: "", reason: reason)])
        }
        return files
    }

    /// Why a file beside the folders of APIs is an error: nothing would read it.
    private static func unread(_ file: String, in directory: String, _ services: [Service]) -> SeedError {
        let folder = directory.split(separator: "/").last.map(String.init) ?? ""
        let finding: SeedError.Finding =
            services.contains { $0.name == folder }
            ? .init(file: directory, place: "", reason: "is the folder of an API; name the directory that it is in")
            : .init(
                file: "\(directory)/\(file)",
                place: "",
                reason: "is in no folder of an API, where nothing reads it"
            )
        return SeedError([finding])
    }

    /// Schemas lie beside the files that they describe.
    private static func isSeedFile(_ name: String) -> Bool {
        name.hasSuffix(".json") && !name.hasSuffix(".schema.json") && !name.hasPrefix(".")
    }

    private static func entries(of directory: String) throws(SeedError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            let reason = isDirectory(directory) ? "cannot be read" : "is no directory"
            throw SeedError([.init(file: directory, place: "", reason: reason)])
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    private static func content(of path: String) throws(SeedError) -> SeedFile.Content {
        if let large = SeedFile.OpenFile(path, ofAtLeast: 1 << 20) { return .file(large) }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SeedError([.init(file: path, place: "", reason: "cannot be read")])
        }
        return .bytes([UInt8](data))
    }
}
