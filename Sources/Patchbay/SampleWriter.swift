public import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// Writes made-up seed files: the same rows for the same number, each on a line of its own.
public struct SampleWriter: ~Copyable {
    private let file: UnsafeMutablePointer<FILE>
    private let path: String
    private var buffer: [UInt8] = []
    private var failed = false

    /// Writes an API's seed file, and the JSON Schema of such files beside it.
    ///
    /// - Parameters:
    ///   - service: the API.
    ///   - rows: how many rows its first list has; a second list is empty.
    ///   - directory: where the API's folder is made.
    /// - Returns: the seed file's path.
    /// - Throws: `WriteError`.
    public static func write(_ service: Service, rows: Int, into directory: String) throws(WriteError) -> String {
        let folder = "\(directory)/\(service.name)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw WriteError(path: folder, reason: "the folder cannot be made")
        }
        let schemaName = "\(service.name).schema.json"
        var schema = try SampleWriter(path: "\(folder)/\(schemaName)")
        let title = "Patchbay seeds for \(service.title)"
        schema.write(indented: SeedFile.schema(title: title, collections: service.collections), depth: 0)
        schema.buffer.append(UInt8(ascii: "\n"))
        try schema.finish()
        var seeds = try SampleWriter(path: "\(folder)/\(service.name)-generated.json")
        let (collection, samples) = service.samples(rows)
        seeds.buffer += "{\"$schema\": \"./\(schemaName)\",\n".utf8
        seeds.write([(collection, .samples(samples))])
        seeds.buffer += "}\n".utf8
        let path = seeds.path
        try seeds.finish()
        return path
    }

    /// Writes bytes as they are.
    ///
    /// - Throws: `WriteError`.
    public static func write(_ bytes: [UInt8], to path: String) throws(WriteError) {
        var writer = try SampleWriter(path: path)
        writer.buffer = bytes
        try writer.finish()
    }

    private init(path: String) throws(WriteError) {
        guard let file = fopen(path, "w") else {
            throw WriteError(path: path, reason: String(cString: strerror(errno)))
        }
        self.file = file
        self.path = path
    }

    private mutating func write(_ children: [(collection: String, rows: Sample.Rows)]) {
        for (index, child) in children.enumerated() {
            if index > 0 { buffer += ",\n".utf8 }
            JSON.writeString(child.collection, into: &buffer)
            buffer += ": [\n".utf8
            write(child.rows)
            buffer += "]".utf8
        }
    }

    private mutating func write(_ rows: Sample.Rows) {
        switch rows {
        case .plain(let count, let make):
            for number in 0..<count {
                JSON.object(make(number)).write(into: &buffer)
                endRow(isLast: number == count - 1)
            }
        case .samples(let samples):
            for (number, sample) in samples.enumerated() {
                JSON.object(sample.document).write(into: &buffer)
                if !sample.children.isEmpty {
                    buffer.removeLast()
                    buffer += ",\n".utf8
                    write(sample.children)
                    buffer += "}".utf8
                }
                endRow(isLast: number == samples.count - 1)
            }
        }
    }

    private mutating func endRow(isLast: Bool) {
        buffer += (isLast ? "\n" : ",\n").utf8
        if buffer.count >= 1 << 16 { flush() }
    }

    /// For schemas, which people read.
    private mutating func write(indented json: JSON, depth: Int) {
        let indentation = String(repeating: "  ", count: depth + 1)
        switch json {
        case .object(let object) where !object.isEmpty:
            buffer += "{\n".utf8
            for (index, member) in object.enumerated() {
                buffer += indentation.utf8
                JSON.writeString(member.name, into: &buffer)
                buffer += ": ".utf8
                write(indented: member.value, depth: depth + 1)
                buffer += (index == object.count - 1 ? "\n" : ",\n").utf8
            }
            buffer += (indentation.dropLast(2) + "}").utf8
        case .array(let elements) where elements.contains { $0.objectValue != nil }:
            buffer += "[\n".utf8
            for (index, element) in elements.enumerated() {
                buffer += indentation.utf8
                write(indented: element, depth: depth + 1)
                buffer += (index == elements.count - 1 ? "\n" : ",\n").utf8
            }
            buffer += (indentation.dropLast(2) + "]").utf8
        default:
            json.write(into: &buffer)
        }
    }

    private mutating func flush() {
        if fwrite(buffer, 1, buffer.count, file) != buffer.count { failed = true }
        buffer.removeAll(keepingCapacity: true)
    }

    private consuming func finish() throws(WriteError) {
        flush()
        let reason = String(cString: strerror(errno))
        guard fclose(file) == 0, !failed else { throw WriteError(path: path, reason: reason) }
    }
}

/// A file that could not be written.
public struct WriteError: Error, Sendable, CustomStringConvertible {
    /// The file or folder.
    public var path: String
    /// Why.
    public var reason: String

    /// The file and the reason.
    public var description: String { "\(path): \(reason)" }
}
