package import PatchbayHTTP

extension World {
    /// Answers a request as it was answered before; `nil` where the answer has to be made.
    package func respondAgain(to request: Request) -> Response? {
        guard let kept = request.head.memory?.content as? KeptAnswer else { return nil }
        let start = Stopwatch.now
        settle()
        guard kept.isGood(for: request, in: self) else { return nil }
        let id = identifiers.next()
        var response = kept.reply.response(kept.api.headers(of: id, to: request, nil))
        let moment = clocks.now(of: kept.content.root)
        if let date = dateHeader(at: moment) { response.headers.append(date) }
        observe(JournalEntry(moment: moment, id: id, since: start, kept.content), on: request.loop)
        return response
    }
}
