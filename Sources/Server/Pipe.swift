import PatchbayCSystem

/// A pipe that carries no data, only the fact that something happened: it wakes a loop, or ends a wait.
struct Pipe: ~Copyable, Sendable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(ServerError) {
        var ends: (Int32, Int32) = (0, 0)
        let code = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: Int32.self, capacity: 2) { system_pipe($0) }
        }
        guard code == 0 else { throw .last("pipe") }
        reading = Descriptor(owning: ends.0)
        writing = Descriptor(owning: ends.1)
    }

    /// Makes the reading end readable; a full pipe is readable already.
    func signal() {
        var byte: UInt8 = 0
        _ = write(writing.number, &byte, 1)
    }

    /// Makes the reading end quiet again.
    func clear() {
        var bytes: (UInt64, UInt64) = (0, 0)
        while read(reading.number, &bytes, 16) > 0 {}
    }

    /// Blocks the calling thread until the reading end is readable.
    func wait() {
        var request = pollfd(fd: reading.number, events: Int16(POLLIN), revents: 0)
        while poll(&request, 1, -1) < 0, system_errno() == EINTR {}
    }
}
