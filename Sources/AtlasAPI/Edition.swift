internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayStore

/// The two editions of the API: the same resources under another path, with media types that name a version.
package enum Edition: Sendable, CaseIterable {
    case version1
    case version2

    /// The path that the edition's endpoints begin with.
    var basePath: String {
        switch self {
        case .version1: AtlasAPI.basePath
        case .version2: "/api/atlas/v2"
        }
    }

    /// The edition that a request asks, by its path.
    init(_ request: Request) {
        let segments = request.target.segments
        self = segments.count > 2 && segments[2].text == "v2" ? .version2 : .version1
    }

    /// The media type of a success; version 2 names the version of the resource, which has been the only one.
    var contentType: String {
        switch self {
        case .version1: "application/json"
        case .version2: "application/vnd.atlas.\(Self.resourceVersion)+json;charset=utf-8"
        }
    }

    /// A success without a body, of which version 2 names the media type all the same, as recorded.
    func emptyReply(_ status: Status) -> Reply {
        let headers = self == .version2 ? [(name: "Content-Type", value: contentType)] : []
        return Reply(status, headers: headers, body: [])
    }

    private static let resourceVersion = "2023-01-01"

    /// The edition that a call asks; version 2 wants a version that there is (contract section 8.20).
    ///
    /// - Throws: Atlas's error for a version that there is not.
    init(_ call: borrowing Call<AtlasAPI>) throws(AtlasAPI.Failure) {
        self.init(call.request)
        guard self == .version2 else { return }
        let accepted = call.request.headers.values("Accept").flatMap { $0.split(separator: ",") }
        guard accepted.contains(where: { Self.isVersioned($0) && !Self.isRefused($0) }) else {
            throw .noVersion(call.quirks.take(Quirks.version, "400") ? .badRequest : .notAcceptable)
        }
    }

    /// Whether a body of a media type is read; one without a type is taken for JSON.
    func takes(_ mediaType: String?) -> Bool {
        guard let mediaType else { return true }
        return mediaType == "application/json" || self == .version2 && Self.isVersioned(mediaType[...])
    }

    /// Whether a media type names the resource's version or a later date, which selects it.
    private static func isVersioned(_ mediaType: Substring) -> Bool {
        let words = mediaType.prefix { $0 != ";" }.split { $0 == " " || $0 == "\t" }
        let type = words.first?.lowercased() ?? ""
        let (prefix, suffix) = ("application/vnd.atlas.", "+json")
        guard words.count == 1, type.hasPrefix(prefix), type.hasSuffix(suffix),
            type.utf8.count == 10 + prefix.count + suffix.count
        else { return false }
        let date = String(type.dropFirst(prefix.count).dropLast(suffix.count))
        guard let moment = Timestamp(date + "T00:00:00Z"), let first = Timestamp(resourceVersion + "T00:00:00Z") else {
            return false
        }
        return moment >= first
    }

    /// Whether a client says of a media type that it does not take it: with a weight of zero (RFC 9110, section 12.4.2).
    private static func isRefused(_ mediaType: Substring) -> Bool {
        mediaType.split(separator: ";").dropFirst().contains { parameter in
            let text = parameter.filter { $0 != " " && $0 != "\t" }.lowercased()
            return text.hasPrefix("q=0") && text.utf8.dropFirst(2).allSatisfy { "0.".utf8.contains($0) }
        }
    }
}
