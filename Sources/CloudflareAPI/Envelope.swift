internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// What answers are wrapped in.
enum Envelope {
    /// As this product writes it, or the document's page.
    static func product(_ result: JSON, _ status: Status = .ok, _ quirks: Readings) -> Reply {
        Reply(status, json: .object(members(result, quirks)))
    }

    /// A list, with what it says of itself.
    static func list(_ result: [JSON], info: JSON.Object, _ quirks: Readings) -> Reply {
        var body = members(.array(result), quirks)
        body["result_info"] = .object(info)
        return Reply(json: .object(body), rows: result.count)
    }

    /// As the tunnels' product writes it.
    static func gateway(_ result: JSON) -> Reply {
        Reply(json: ["success": true, "errors": [], "messages": [], "result": result])
    }

    private static func members(_ result: JSON, _ quirks: Readings) -> JSON.Object {
        quirks.take(Quirks.memberOrder, "page")
            ? ["errors": [], "messages": [], "success": true, "result": result]
            : ["result": result, "success": true, "errors": [], "messages": []]
    }
}
