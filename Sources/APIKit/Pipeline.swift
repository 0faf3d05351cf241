internal import PatchbayHTTP
internal import PatchbayStore

/// The way of a request through one API: its checks in the vendor's order, the handler, the headers of every answer.
struct Pipeline<A: API>: Sendable {
    let router: Router<A>

    func respond(to request: Request, in world: World) -> Response {
        let start = Stopwatch.now
        world.settle()
        var call = Call<A>(request: request, world: world, exchangeID: world.identifiers.next())
        let reply = answer(&call)
        var response = response(reply, to: call)
        if let fault = call.fault { response.delivery = fault.delivery }
        if A.isEmulated { observe(response, rows: reply.rows, to: call, since: start) }
        return response
    }

    /// Makes the answer, and keeps it where it will do for the same request again.
    private func answer(_ call: inout Call<A>) -> Reply {
        let generation = call.world.store.generation
        do throws(A.Failure) {
            let reply = try reply(to: &call)
            if let memory = call.request.head.memory {
                memory.content = KeptAnswer(reply, to: call, of: generation)
            }
            return reply
        } catch {
            return error.reply(to: call.exchange)
        }
    }

    private func observe(_ response: Response, rows: Int?, to call: borrowing Call<A>, since start: Int64) {
        let isSent = call.fault?.isAnswerLost != true
        let content = JournalEntry.Content(
            call.request,
            api: A.name,
            route: call.route,
            root: call.root,
            status: isSent ? response.status : nil,
            bytes: isSent ? response.sentBytes : 0,
            rows: isSent ? rows : nil,
            faults: call.fault?.strikes ?? [],
            unmatched: call.unmatched,
            findings: call.findings
        )
        let entry = JournalEntry(moment: call.moment, id: call.exchangeID, since: start, content)
        call.world.observe(entry, on: call.request.loop)
    }

    /// An answer with the headers that all of the API's carry.
    func response(_ reply: Reply, to call: borrowing Call<A>) -> Response {
        var response = reply.response(A.headers(of: call.id, to: call.request, call.allowance))
        if let unmatched = call.unmatched { response.headers.append(("X-Patchbay-Unmatched", unmatched)) }
        if let preference = call.fault?.preference { response.headers.append(("Preference-Applied", preference)) }
        if A.isEmulated, let date = call.world.dateHeader(at: call.moment) { response.headers.append(date) }
        return response
    }

    private func reply(to call: inout Call<A>) throws(A.Failure) -> Reply {
        let match = router.match(call.request, call.quirks)
        var endpoint: Endpoint<A>?
        var isOpen = false
        if case .endpoint(let found, let route, let captures) = match {
            endpoint = found
            isOpen = found.access != .withCredentials
            call.enter(route, captures)
            if A.isEmulated { call.findings = Drift.findings(in: call, at: found) }
        } else if A.isEmulated {
            call.findings = findings(in: call, match)
        }
        if !call.findings.isEmpty, call.world.isStrict { return Strictness.reply(to: call.findings) }
        for check in A.checks {
            switch check {
            case .encoding: try checkEncoding(call)
            case .caller: try A.admit(call, to: endpoint)
            case .credentials where isOpen, .identity where isOpen: break
            case .credentials:
                if call.world.authentication != .off { call.credentials = try A.credentials(of: call) }
            case .identity:
                if call.world.authentication == .known, let credentials = call.credentials {
                    call.identity = try A.identify(credentials, call)
                }
            case .route: try checkRoute(match, &call)
            case .contract: try checkContract(endpoint, call)
            }
        }
        guard let endpoint else { throw A.Failure(.noSuchRoute(path: call.request.target.path)) }
        if call.world.opensTenants, let root = call.root { call.world.open(root) }
        strike(&call, at: endpoint)
        guard let fault = call.fault else { return try handle(call, by: endpoint) }
        return try answer(&call, of: endpoint, struckBy: fault)
    }

    /// How often what is read is read once more because somebody wrote meanwhile.
    private static var mostReadings: Int { 8 }

    /// Lets an endpoint answer: what it reads in several steps is of one moment.
    func handle(_ call: borrowing Call<A>, by endpoint: Endpoint<A>) throws(A.Failure) -> Reply {
        guard A.isEmulated, endpoint.method == .get else { return try endpoint.handler(call) }
        for _ in 1..<Self.mostReadings {
            let generation = call.world.store.generation
            do throws(A.Failure) {
                let reply = try endpoint.handler(call)
                if call.world.store.generation == generation { return reply }
            } catch {
                if call.world.store.generation == generation { throw error }
            }
        }
        return try endpoint.handler(call)
    }

    private func checkEncoding(_ call: borrowing Call<A>) throws(A.Failure) {
        if call.request.target.hasMalformedEscape, A.refusesMalformedEscapes(call.quirks) {
            throw A.Failure(.malformedEscape)
        }
    }

    private func checkRoute(_ match: Router<A>.Match, _ call: inout Call<A>) throws(A.Failure) {
        call.unmatched = router.reason(for: match, call.request)
        switch match {
        case .endpoint: break
        case .wrongMethod(let allowed): throw A.Failure(.wrongMethod(call.request.method, allowed: allowed))
        case .none: throw A.Failure(.noSuchRoute(path: call.request.target.path))
        }
    }
}
