/// Finds the end of a line in bytes that may go on arriving (RFC 9112, section 2.2).
///
/// Only CR LF ends a line: to take a bare LF or CR for one, as the RFC allows, is how requests get smuggled.
enum LineScan {
    /// The line ends before this offset, where its CR LF stands.
    case line(end: Int)
    /// No end yet; go on at this offset when there is more.
    case incomplete(resume: Int)
    /// A byte that no line may hold, at this offset.
    case malformed(at: Int, reason: String)

    init(_ bytes: Span<UInt8>, from start: Int) {
        var index = start
        while index < bytes.count {
            index = bytes.skip(from: index, until: \.holdsControl)
            if index == bytes.count { break }
            let byte = bytes[index]
            if byte >= Byte.blank && byte != Byte.delete || byte == Byte.tab {
                index += 1
                continue
            }
            switch byte {
            case Byte.carriageReturn where index + 1 == bytes.count:
                self = .incomplete(resume: index)
            case Byte.carriageReturn where bytes[index + 1] == Byte.lineFeed:
                self = .line(end: index)
            case Byte.carriageReturn, Byte.lineFeed:
                self = .malformed(at: index, reason: "a line ends otherwise than with CR LF")
            default:
                self = .malformed(at: index, reason: "a line holds a control character")
            }
            return
        }
        self = .incomplete(resume: index)
    }
}
