internal import HTTP

extension Pipeline {
    /// What a request does that the operations do not provide for, whatever it is answered.
    func findings(in request: Request, _ world: World) -> [Finding] {
        var call = Call<A>(request: request, world: world, id: Identifiers().next())
        let match = router.match(request, world.quirks)
        guard case .endpoint(let endpoint, let route, let captures) = match else {
            call.unmatched = router.reason(for: match, request)
            return Drift.findings(in: call, methods: match.allowed)
        }
        call.enter(route, captures)
        return Drift.findings(in: call, at: endpoint)
    }
}
