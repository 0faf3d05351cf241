internal import PatchbayHTTP

/// Where faults strike: after the checks, before or after the handler.
extension Pipeline {
    /// Finds out what the request itself, or the faults in force, want to become of it.
    func strike(_ call: inout Call<A>, at endpoint: Endpoint<A>) {
        guard A.isEmulated else { return }
        if let field = call.request.headers["Prefer"], let code = FaultTable.Decision.preferredCode(in: field) {
            guard A.reply(named: code, to: call.exchange) == nil else {
                call.fault = FaultTable.Decision(preferring: code)
                return
            }
            call.findings.append(noError(code, at: endpoint))
        }
        guard !call.world.faults.isEmpty else { return }
        call.fault = call.world.faults.decide(
            FaultTable.Target(
                api: A.name,
                operation: endpoint.operation,
                root: call.root,
                request: call.request,
                captures: call.captures,
                now: call.now
            )
        )
    }

    private func noError(_ code: String, at endpoint: Endpoint<A>) -> Finding {
        Finding(
            kind: .wrongValue,
            api: A.name,
            operation: endpoint.operation,
            parameter: "Prefer",
            value: Finding.brief("code=\(code)"),
            says: "\(A.name) has no error that is called so, or has that status",
            documented: "ignored (RFC 7240)",
        )
    }

    /// Answers a request that faults strike.
    func answer(
        _ call: inout Call<A>,
        of endpoint: Endpoint<A>,
        struckBy fault: FaultTable.Decision
    ) throws(A.Failure) -> Reply {
        if fault.isLimited, let allowance = fault.allowance { throw A.Failure(.rateLimited(allowance)) }
        call.allowance = fault.allowance
        let substitute = Self.substitute(for: fault, call)
        if let substitute, !fault.isAfter { return substitute }
        do throws(A.Failure) {
            let reply = try handle(call, by: endpoint)
            return substitute ?? reply
        } catch {
            guard let substitute else { throw error }
            return substitute
        }
    }

    /// What stands in place of the handler's answer; `nil` when that is sent, in whatever way.
    private static func substitute(for fault: FaultTable.Decision, _ call: borrowing Call<A>) -> Reply? {
        switch fault.effect {
        case .error(let name, let retryAfter, let headers):
            guard var reply = A.reply(named: name, to: call.exchange) else { return nil }
            if let retryAfter {
                let limited = { (allowance: Allowance, exchange: Exchange) in
                    A.Failure(.rateLimited(allowance)).reply(to: exchange)
                }
                // The limit's own error speaks of the time in several places.
                if reply.body == limited(.usedUp(), call.exchange).body {
                    reply = limited(.usedUp(resetsIn: retryAfter), call.exchange)
                }
                // It was asked for: it is sent also where the vendor does not document it.
                let name = reply.headers.first { $0.name.lowercased() == "retry-after" }?.name ?? "Retry-After"
                reply.headers.removeAll { $0.name == name }
                reply.headers.append((name, String(retryAfter)))
            }
            for (name, value) in headers {
                // What is asked for takes the place of what the vendor sends.
                if name.lowercased() == "content-type" {
                    reply.contentType = value
                } else {
                    reply.headers.removeAll { $0.name.lowercased() == name.lowercased() }
                    reply.headers.append((name, value))
                }
            }
            return reply
        case .reset, .empty, .garbage: return Reply(body: [])
        case .truncated, .dribbled, .rateLimit, nil: return nil
        }
    }
}
