/// The heads that came more than once lately, by their bytes, and parts of those that came lately.
///
/// Who asks for the same again has it read only once. Who goes through the pages of a list asks for the same path with the same
/// header section, which are read once as well.
///
/// It belongs to one thread. What is kept is bounded by a number of places; of a head that comes for the first time there is no
/// more left than its fingerprint, its path and its header section.
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

    /// Longer paths are read each time.
    private static let longestPath = 512
    /// So many header sections are known.
    private static let sections = 4

    private var places: [Place]
    private var paths: [Target.Path?]
    private var sections: [PartialHead.Section] = []
    private var latestSection = 0

    /// Makes room for twice as many heads as there are places, a power of two, and as many paths.
    public init(places: Int = 256) {
        self.places = Array(repeating: Place(), count: places)
        paths = Array(repeating: nil, count: places)
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

    /// A path with some bytes, which is known from then on.
    func path(of bytes: Span<UInt8>) -> Target.Path {
        guard bytes.count <= Self.longestPath else { return Target.Path(bytes, remembered: false) }
        let index = Int(truncatingIfNeeded: Self.fingerprint(of: bytes)) & (paths.count - 1)
        if let path = paths[index], path.isMade(of: bytes) { return path }
        // The text of other bytes than ASCII need not be theirs.
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return Target.Path(bytes, remembered: false) }
        let path = Target.Path(bytes, remembered: true)
        paths[index] = path
        return path
    }

    /// The header section that some bytes begin with, the empty line behind it included, when it is known.
    func section(of bytes: Span<UInt8>) -> PartialHead.Section? {
        for section in sections where bytes.begins(with: section.bytes.span) { return section }
        return nil
    }

    /// Takes a header section in, in place of the one that was taken in first.
    func take(_ section: PartialHead.Section, _ bytes: Span<UInt8>) {
        guard !bytes.isEmpty, bytes.count <= Self.largest else { return }
        var section = section
        section.bytes = bytes.withUnsafeBufferPointer { Array($0) }
        if sections.count < Self.sections {
            sections.append(section)
        } else {
            sections[latestSection] = section
        }
        latestSection = (latestSection + 1) % Self.sections
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
        return bytes.begins(with: own.span)
    }
}

extension Target.Path {
    /// Whether this is the path with some bytes.
    fileprivate func isMade(of bytes: Span<UInt8>) -> Bool {
        guard text.utf8.count == bytes.count else { return false }
        return bytes.starts(with: text.utf8.span)
    }
}

extension Span<UInt8> {
    /// Whether it begins with the same bytes as another one, and the end of a line behind them.
    fileprivate func begins(with other: Span<UInt8>) -> Bool {
        let end = other.count
        guard count >= end + 2, self[end] == Byte.carriageReturn, self[end + 1] == Byte.lineFeed else { return false }
        return starts(with: other)
    }

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
