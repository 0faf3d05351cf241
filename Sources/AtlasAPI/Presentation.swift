internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// How a body is laid out: `pretty` and `envelope`, which errors obey as well.
struct Presentation {
    static let pretty = Parameter.flag("pretty", default: false).means(.pretty)
    static let envelope = Parameter.flag("envelope", default: false).means(.envelope)

    let isPretty: Bool
    let isEnveloped: Bool

    init(_ request: Request) {
        let isOn = { (name: String) in
            request.target.query.first { $0.name.text == name }?.value?.text.lowercased() == "true"
        }
        isPretty = isOn(Self.pretty.name)
        isEnveloped = isOn(Self.envelope.name)
    }

    /// A compact body, laid out over several lines.
    func spread(_ body: [UInt8]) -> [UInt8] {
        guard let json = try? JSON(parsing: body) else { return body }
        return bytes(json)
    }

    /// The answer that is one object, of the edition that was asked.
    static func reply(
        _ status: Status,
        _ content: JSON.Object,
        to call: borrowing Call<AtlasAPI>,
        _ edition: Edition,
    ) -> Reply {
        let body = Presentation(call.request).body(.object(content), status: status, call.quirks)
        return Reply(status, contentType: edition.contentType, body: body)
    }

    /// A body that is one object, with the status beside it when an envelope is asked for.
    func body(_ content: JSON, status: Status, _ quirks: Readings) -> [UInt8] {
        guard isEnveloped else { return bytes(content) }
        return bytes([quirks[Quirks.envelopeMember]: content, "status": .number(JSON.Number(status.code))])
    }

    private func bytes(_ json: JSON) -> [UInt8] {
        guard isPretty else { return json.compact() }
        var bytes: [UInt8] = []
        json.writePretty(into: &bytes)
        return bytes
    }
}
