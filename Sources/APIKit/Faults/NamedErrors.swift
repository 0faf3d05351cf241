internal import PatchbayHTTP

/// The errors of an API that a fault can name: those of its catalogue by name, or by status the first that has it; and the
/// troubles of a gateway before it.
extension API {
    private static var gatewayTroubles: [Status] { [.badGateway, .serviceUnavailable, .gatewayTimeout] }

    /// All names.
    static func errorNames(_ exchange: Exchange) -> [String] {
        let codes = catalogue.map { $0.failure.reply(to: exchange).status.code } + gatewayTroubles.map(\.code)
        return catalogue.map(\.name) + Set(codes).sorted().map(String.init)
    }

    /// The answer of an error.
    ///
    /// - Parameters:
    ///   - name: its name, or a status.
    ///   - exchange: what it answers.
    /// - Returns: the vendor's answer; `nil` when there is no such error.
    static func reply(named name: String, to exchange: Exchange) -> Reply? {
        if let named = catalogue.first(where: { $0.name == name }) { return named.failure.reply(to: exchange) }
        // Which error it is may depend on the request.
        if name == "429" { return Failure(.rateLimited(.usedUp())).reply(to: exchange) }
        let replies = catalogue.lazy.map { $0.failure.reply(to: exchange) }
        if let reply = replies.first(where: { String($0.status.code) == name }) { return reply }
        return gatewayTroubles.first { String($0.code) == name }.map(page)
    }

    /// What gateways send when they get no answer themselves: a page for people.
    private static func page(_ status: Status) -> Reply {
        let title = "\(status.code) \(status.reason)"
        let text =
            "<html><head><title>\(title)</title></head><body><center><h1>\(title)</h1></center></body></html>\n"
        return Reply(status, contentType: "text/html", body: Array(text.utf8))
    }
}

extension Array {
    /// The errors of a catalogue, those first by which their status is to be understood: the first that has it.
    package func led<Failure>(by names: [String]) -> Self where Element == (name: String, failure: Failure) {
        names.compactMap { name in first { $0.name == name } } + filter { !names.contains($0.name) }
    }
}
