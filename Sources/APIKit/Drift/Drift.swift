internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Compares requests with what the operations declare: what a client gets wrong that the service does not tell it.
enum Drift {
    /// What comes from the vendor's documents.
    static let documented = " (documentation-derived)"
    /// What the documents do not speak of (docs/bad-input.md).
    static let read = " (our reading)"

    /// What a request does that its endpoint does not provide for; nothing, at next to no cost, for most requests.
    ///
    /// It is `Finding.mostOfRequest` at most, the query before the path before the body.
    static func findings<A: API>(in call: borrowing Call<A>, at endpoint: Endpoint<A>) -> [Finding] {
        let contract = endpoint.contract
        var findings: [Finding] = []
        if !contract.isKept(by: call.request.target.query, call.captures, call.quirks) {
            findings = QueryDrift(call, endpoint).findings(call)
            if findings.count < Finding.mostOfRequest,
                let (name, form) = contract.malformedCapture(among: call.captures)
            {
                findings.append(malformed(name, form, in: call, at: endpoint))
            }
        }
        let room = Finding.mostOfRequest - findings.count
        if room > 0, !call.request.body.isEmpty, contract.isBodyJSON, let body = contract.body {
            findings += Self.findings(in: call, at: endpoint, besides: body, atMost: room)
        }
        return findings
    }

    /// What a JSON body has that is not described; what is none is told by the answer.
    private static func findings<A: API>(
        in call: borrowing Call<A>,
        at endpoint: Endpoint<A>,
        besides body: BodyContract,
        atMost most: Int,
    ) -> [Finding] {
        guard let json = try? JSON(parsing: call.request.body) else { return [] }
        // Schemas are those of the decided readings.
        let readings = call.quirks.areStandard ? "" : ", by the decided readings"
        return body.deviations(in: json, atMost: most).map { deviation in
            Finding(
                kind: deviation.kind,
                api: A.name,
                operation: endpoint.operation,
                parameter: JSON.Pointer(deviation.path).description,
                value: deviation.value.map(Finding.brief),
                says: deviation.says,
                documented: deviation.documented + readings,
            )
        }
    }

    /// What is to be said of a request that leads to no endpoint.
    ///
    /// - Parameters:
    ///   - call: the request.
    ///   - reason: why, in words.
    ///   - allowed: the methods that the path has; `nil` where there is no such path.
    /// - Returns: the one finding.
    static func findings<A: API>(
        in call: borrowing Call<A>,
        unmatched reason: String,
        methods allowed: [String]?
    ) -> [Finding] {
        let request = call.request
        let path = request.target.path
        let problem: Problem = allowed.map { .wrongMethod(request.method, allowed: $0) } ?? .noSuchRoute(path: path)
        return [
            Finding(
                kind: allowed == nil ? .unmatchedPath : .wrongMethod,
                api: A.name,
                operation: nil,
                parameter: nil,
                value: Finding.brief("\(request.method.name) \(path)"),
                says: reason,
                documented: refusal(A.Failure(problem), of: call) + read,
            )
        ]
    }

    private static func malformed<A: API>(
        _ name: String,
        _ form: String,
        in call: borrowing Call<A>,
        at endpoint: Endpoint<A>,
    ) -> Finding {
        let value = Finding.brief(call.capture(name).text)
        return Finding(
            kind: .malformedPath,
            api: A.name,
            operation: endpoint.operation,
            parameter: name,
            value: value,
            says: "\(name) has not the form \(form)",
            documented: "no resource has such an identifier\(documented)",
        )
    }

    /// How a failure is answered, in words: `refused, 400 EndPoint.0002`.
    static func refusal<A: API>(_ failure: A.Failure, of call: borrowing Call<A>) -> String {
        let reply = failure.reply(to: call.exchange)
        guard let body = try? JSON(parsing: reply.body) else { return "refused, \(reply.status.code)" }
        let code = body["error_code"] ?? body["errorCode"] ?? body["errors"]?[0]?["code"]
        let text = code?.stringValue ?? code?.numberValue?.text
        return "refused, \(reply.status.code)" + (text.map { " \($0)" } ?? "")
    }
}
