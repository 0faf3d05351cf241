public import PatchbayHTTP
public import PatchbayJSON

/// What an endpoint or an error answers, before the headers that all answers of its API carry.
public struct Reply: Sendable {
    /// The status.
    public var status: Status
    /// Headers of this answer alone.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]
    /// The body's media type.
    public var contentType: String
    /// How many rows of a list the body shows; `nil` when it is no list.
    public var rows: Int?
    /// What the body goes on with; `nil` when it is all there.
    public var stream: ResponseStream?

    /// Answers with bytes.
    public init(
        _ status: Status = .ok,
        headers: [(name: String, value: String)] = [],
        contentType: String = "application/json",
        body: [UInt8],
        rows: Int? = nil,
    ) {
        self.status = status
        self.headers = headers
        self.contentType = contentType
        self.body = body
        self.rows = rows
    }

    /// Answers with JSON.
    public init(
        _ status: Status = .ok,
        headers: [(name: String, value: String)] = [],
        contentType: String = "application/json",
        json: JSON,
        rows: Int? = nil,
    ) {
        self.init(status, headers: headers, contentType: contentType, body: json.compact(), rows: rows)
    }

    /// The answer with the headers that all of an API's carry.
    func response(_ common: [(name: String, value: String)]) -> Response {
        var all = common
        for (name, _) in headers { all.removeAll { $0.name.lowercased() == name.lowercased() } }
        all.reserveCapacity(all.count + headers.count + 4)
        if !body.isEmpty { all.append(("Content-Type", contentType)) }
        all += headers
        var response = Response(status: status, headers: all, body: body)
        if let stream { response.delivery.ending = .stream(stream) }
        return response
    }
}

/// The text that stands in a stored view where the address that a request was sent to belongs.
///
/// U+FDD0 is a noncharacter, which Unicode keeps for use inside a program.
public enum OriginMark {
    /// The mark.
    public static let text = Unicode.Scalar(0xFDD0 as UInt32).map(String.init) ?? ""

    private static let mark = Array(text.utf8)

    /// Appends bytes with each mark replaced by an origin.
    public static func append(_ bytes: [UInt8], origin: String, to body: inout [UInt8]) {
        var start = 0
        var place = 0
        while let found = bytes[place...].firstIndex(of: mark[0]) {
            place = found + 1
            guard bytes[found...].starts(with: mark) else { continue }
            body += bytes[start..<found]
            body += origin.utf8
            start = found + mark.count
            place = start
        }
        body += bytes[start...]
    }
}
