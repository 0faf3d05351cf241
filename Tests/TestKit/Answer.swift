internal import PatchbayAPIKit
internal import PatchbayJSON

/// A response as a client reads it from the wire.
struct Answer: Sendable {
    /// What the request did that the operation does not provide for.
    var findings: [Finding] = []
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    /// The body as JSON, when it is that.
    var json: JSON? { try? JSON(parsing: body) }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The values of a header, joined as RFC 9110, section 5.3, allows; `nil` when there is none.
    subscript(name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Reads one whole response; `nil` while some of it is missing.
    ///
    /// - Parameters:
    ///   - bytes: what has arrived.
    ///   - toHead: whether HEAD was asked, so that no body follows whatever its length is.
    init?(_ bytes: [UInt8], toHead: Bool) {
        let end = Array("\r\n\r\n".utf8)
        guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
        let lines = String(decoding: bytes[..<place], as: UTF8.self).split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.dropFirst(9).prefix(3)) } ?? 0
        headers = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (String(line[..<colon]), String(line[colon...].dropFirst().drop { $0 == " " }))
        }
        body = Array(bytes[(place + end.count)...])
        let length = toHead ? 0 : self["Content-Length"].flatMap { Int($0) } ?? 0
        guard body.count >= length else { return nil }
    }
}
