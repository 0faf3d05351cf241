/// The heads that came more than once lately, by their bytes: who asks for the same again has it read only once.
///
/// It belongs to one thread. What is kept is bounded by a number of places; a head that comes for the first time leaves no more
/// than its fingerprint.
public final class KnownHeads {
    /// Heads whose request lines have the same fingerprint.
    private struct Place {
        /// The one that was asked for last goes first.
        var recent: RequestHead?
        var other: RequestHead?
        /// The fingerprint of the last one that was not among them.
        var candidate: UInt64 = 0
    }

    /// Larger ones are read each time.
    private static let largest = 4096

    private var places: [Place]

    /// Makes room for twice as many heads as there are places, a power of two.
    public init(places: Int = 256) {
        self.places = Array(repeating: Place(), count: places)
    }

    /// The head that some bytes begin with, when it is known.
    func head(of bytes: Span<UInt8>) -> RequestHead? {
        let index = place(of: bytes)
        if let head = places[index].recent, head.isBeginning(of: bytes) { return head }
        guard let head = places[index].other, head.isBeginning(of: bytes) else { return nil }
        places[index].other = places[index].recent
        places[index].recent = head
        return head
    }

    /// Takes a head in that has come before, or remembers that it has come.
    ///
    /// - Returns: the head as it is to be used from now on.
    func take(_ head: RequestHead) -> RequestHead {
        guard head.size <= Self.largest else { return head }
        let bytes = head.headers.bytes
        let fingerprint = Self.fingerprint(of: bytes.span)
        let index = place(of: bytes.span)
        guard places[index].candidate == fingerprint else {
            places[index].candidate = fingerprint
            return head
        }
        let known = RequestHead(keeping: head)
        // The journal may hold on to the head that goes; what a handler kept with it is not the journal's.
        places[index].other?.memory?.content = nil
        places[index].other = places[index].recent
        places[index].recent = known
        return known
    }

    /// The place of a head, by its request line.
    private func place(of bytes: Span<UInt8>) -> Int {
        let end = min(bytes.count, Self.largest)
        var hash = Fingerprint()
        var offset = 0
        while offset + 8 <= end {
            let word = bytes.word(at: offset)
            hash.add(word)
            if word.holds(Byte.carriageReturn) { break }
            offset += 8
        }
        return Int(truncatingIfNeeded: hash.value) & (places.count - 1)
    }

    private static func fingerprint(of bytes: Span<UInt8>) -> UInt64 {
        var hash = Fingerprint()
        var offset = 0
        while offset + 8 <= bytes.count {
            hash.add(bytes.word(at: offset))
            offset += 8
        }
        while offset < bytes.count {
            hash.add(UInt64(bytes[offset]))
            offset += 1
        }
        return hash.value
    }
}

/// A number for some words: others have others with next to no doubt, unless somebody is at pains that they have not.
///
/// Nothing is decided by it alone.
private struct Fingerprint {
    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func add(_ word: UInt64) {
        let product = (state ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        state = product.high ^ product.low
    }

    var value: UInt64 { state ^ (state >> 32) }
}

extension RequestHead {
    /// Whether some bytes begin with this head.
    fileprivate func isBeginning(of bytes: Span<UInt8>) -> Bool {
        let own = headers.bytes
        let count = own.count
        guard bytes.count >= count + 2, bytes[count] == Byte.carriageReturn, bytes[count + 1] == Byte.lineFeed else {
            return false
        }
        return bytes.starts(with: own.span)
    }
}

extension Span<UInt8> {
    /// Whether it begins with the same bytes as another one, which is no longer.
    fileprivate func starts(with other: Span<UInt8>) -> Bool {
        var offset = 0
        while offset + 8 <= other.count {
            if word(at: offset) != other.word(at: offset) { return false }
            offset += 8
        }
        while offset < other.count {
            if self[offset] != other[offset] { return false }
            offset += 1
        }
        return true
    }
}
