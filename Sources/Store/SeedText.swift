internal import PatchbayCSystem

extension SeedFile {
    /// Where the text of a seed file is.
    public enum Content: Sendable {
        /// Here.
        case bytes([UInt8])
        /// In memory that is there as long as the program.
        case constant(SeedText)
        /// In a file, which is read when its turn comes.
        case file(OpenFile)

        /// The text, copied; `nil` when it cannot be read.
        package var copy: [UInt8]? { text().map { Array($0.bytes) } }

        /// The text in memory; `nil` when it cannot be read.
        func text() -> SeedText? {
            switch self {
            case .bytes(let bytes):
                var rest = bytes[...]
                return SeedText(size: bytes.count) { room in
                    room.copyBytes(from: rest)
                    defer { rest = [] }
                    return rest.count
                }
            case .constant(let text): return text
            case .file(let file): return file.text()
            }
        }
    }

    /// A file that is open, so that it can be read whatever becomes of its name.
    public final class OpenFile: Sendable {
        private let descriptor: Int32
        private let size: Int

        /// Opens a file; `nil` when that fails, or it is no plain file of at least some size.
        public init?(_ path: String, ofAtLeast least: Int) {
            var size: Int64 = 0
            descriptor = system_open_file(path, &size)
            self.size = Int(size)
            if descriptor < 0 || size < least { return nil }
        }

        deinit {
            if descriptor >= 0 { close(descriptor) }
        }

        fileprivate func text() -> SeedText? {
            var offset = 0
            return SeedText(size: size) { room in
                let count = pread(descriptor, room.baseAddress, room.count, off_t(offset))
                offset += max(0, count)
                return count
            }
        }
    }
}

/// The text of a seed file in memory, which is given back stretch by stretch when rows have been made of it.
public final class SeedText: @unchecked Sendable {
    // Safe to share: the bytes do not change, and nobody looks at those that were given back.
    let bytes: UnsafeBufferPointer<UInt8>
    private let memory: (start: UnsafeMutableRawPointer, size: Int)?

    /// A text that is there as long as the program.
    public init(constant bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        memory = nil
    }

    /// A text that is read piece by piece.
    ///
    /// - Parameters:
    ///   - size: how many bytes it has.
    ///   - read: reads the next of them, and returns how many: 0 at the end, less when that fails.
    fileprivate init?(size: Int, _ read: (UnsafeMutableRawBufferPointer) -> Int) {
        guard let start = system_map_memory(max(size, 1)) else { return nil }
        memory = (start, max(size, 1))
        var count = 0
        var more = 0
        repeat {
            more = read(UnsafeMutableRawBufferPointer(start: start + count, count: size - count))
            count += max(0, more)
        } while more > 0 && count < size
        bytes = UnsafeRawBufferPointer(start: start, count: count).assumingMemoryBound(to: UInt8.self)
        if more < 0 { return nil }
    }

    deinit {
        if let memory { munmap(memory.start, memory.size) }
    }

    /// Gives memory back that nobody looks at any more.
    func discard(_ range: Range<Int>) {
        if let memory { system_discard_memory(memory.start, range.lowerBound, range.upperBound) }
    }
}
