internal import PatchbayHTTP

extension Pipeline {
    /// What a request does that the operations do not provide for, whatever it is answered.
    func findings(in request: Request, _ world: World) -> [Finding] {
        var call = Call<A>(request: request, world: world, exchangeID: Identifiers().next())
        let match = router.match(request, world.quirks)
        if case .endpoint(_, let route, let captures) = match { call.enter(route, captures) }
        return findings(in: call, match)
    }

    /// The same of a request that is on its way.
    func findings(in call: borrowing Call<A>, _ match: Router<A>.Match) -> [Finding] {
        if case .endpoint(let endpoint, _, _) = match { return Drift.findings(in: call, at: endpoint) }
        let reason = router.reason(for: match, call.request) ?? ""
        return Drift.findings(in: call, unmatched: reason, methods: match.allowed)
    }

    /// Refuses a query that has what the endpoint does not provide for.
    func checkContract(_ endpoint: Endpoint<A>?, _ call: borrowing Call<A>) throws(A.Failure) {
        guard let endpoint else { return }
        if endpoint.body == nil, !call.request.body.isEmpty, let failure = A.unreadBody { throw failure }
        let query = call.request.target.query
        let contract = endpoint.contract
        guard !contract.isKept(by: query, call.captures, call.quirks) else { return }
        for item in query {
            let name = item.name.text
            guard let index = contract.family(of: name) else {
                guard let failure = A.undeclared(name, at: endpoint, call.quirks) else { continue }
                throw failure
            }
            let value = item.value ?? PercentEncoded("")
            guard let reason = contract.reason(against: value, of: index, in: query, call.quirks) else { continue }
            throw A.Failure(.badParameter(name: name, value: value.text, reason: reason))
        }
    }
}
