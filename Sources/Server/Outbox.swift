/// The answers to requests that were ready at the same time: they leave together.
///
/// Each send may wake a client, which takes longer than to send; a client that is awake need not be woken for the next one.
struct Outbox {
    /// How many answers wait at most, and how large one that waits may be.
    private static let room = (answers: 16, bytes: 64 * 1024)

    private var letters: [(connection: Connection?, bytes: [UInt8])] = Array(repeating: (nil, []), count: room.answers)
    private var count = 0

    /// Whether nothing more can wait.
    var isFull: Bool { count == letters.count }

    /// Takes what is to be sent to a connection, and leaves an empty buffer in its place.
    ///
    /// - Returns: Whether there was room, and anything to send.
    mutating func take(_ output: inout [UInt8], for connection: Connection) -> Bool {
        guard !isFull, !output.isEmpty, output.count <= Self.room.bytes else { return false }
        letters[count].connection = connection
        swap(&letters[count].bytes, &output)
        count += 1
        return true
    }

    /// Hands out what was taken, in its order.
    ///
    /// - Parameters:
    ///   - index: How many were handed out before.
    ///   - output: An empty buffer, which takes what is to be sent to the connection.
    /// - Returns: The connection; `nil` when nothing is left.
    mutating func next(_ index: Int, into output: inout [UInt8]) -> Connection? {
        guard index < count else {
            count = 0
            return nil
        }
        let connection = letters[index].connection
        letters[index].connection = nil
        swap(&letters[index].bytes, &output)
        return connection
    }
}
