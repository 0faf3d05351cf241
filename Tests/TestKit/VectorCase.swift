internal import PatchbayAPIKit
internal import PatchbayJSON

/// A vector with one of the requests that it begins with.
public struct VectorCase: Sendable, CustomStringConvertible {
    let source: VectorSource
    let vector: Vector
    let request: RequestForm
    let mode: AuthenticationMode

    /// Name, request and meaning.
    public var description: String {
        "\(source.api) \(vector.name), \(mode): \(request.label)" + (vector.says.isEmpty ? "" : " (\(vector.says))")
    }

    /// Runs the vector with a fresh emulator.
    ///
    /// - Parameter transport: how its requests get there.
    /// - Returns: what is not as expected.
    /// - Throws: when a request does not get there.
    public func mismatches(over transport: Transport) throws -> [String] {
        let time = try source.time(of: vector)
        let link = try transport.link(to: try source.emulator(for: vector, mode, time))
        defer { link.close() }
        var run = Run(listener: link.listener)
        var mismatches: [String] = []
        for (index, step) in vector.steps.enumerated() {
            if let now = step.now { try time.set(now) }
            for form in index == 0 ? [request] : step.requests {
                let answer = try run.exchange(form, over: link)
                var found = check(answer, step.expected, in: &run)
                found += try compare(answer, step.expected, over: transport)
                if let walk = step.expected.walk { found += try check(walk, from: form, over: link, in: &run) }
                mismatches += found.map { "\(form.label): \($0)" }
            }
        }
        return mismatches
    }

    private func check(_ answer: Answer, _ expected: Expectation, in run: inout Run) -> [String] {
        guard answer.status == expected.status else {
            return ["expected status \(expected.status), found \(answer.status) with \(answer.text)"]
        }
        var found: [String] = []
        // What is taken keeps to the contract, unless it is listed.
        if answer.status < 400 {
            let listed = source.findings[vector.name] ?? []
            found += answer.findings.map { "\($0.kind.rawValue) \($0.parameter ?? "")" }.filter { !listed.contains($0) }
                .map { "findings.json does not list \($0)" }
        }
        for (name, template) in expected.headers {
            found += template.mismatches(answer[name].map(JSON.string), at: name, in: &run)
        }
        if expected.isEmpty, !answer.body.isEmpty { found.append("the body should be empty and is \(answer.text)") }
        if let bytes = expected.bytes, run.resolve(bytes) != answer.text {
            found.append("the body should be \(run.resolve(bytes)) and is \(answer.text)")
        }
        guard expected.body != nil || !expected.places.isEmpty else { return found }
        guard let json = answer.json else { return found + ["the body is no JSON: \(answer.text)"] }
        found += expected.body?.mismatches(json, at: "body", in: &run) ?? []
        for (text, place, template) in expected.places {
            found += template.mismatches(place.value(in: json), at: text, in: &run)
        }
        return found
    }

    /// Compares with the answer to another vector.
    private func compare(_ answer: Answer, _ expected: Expectation, over transport: Transport) throws -> [String] {
        var found: [String] = []
        if let name = expected.sameAs {
            let other = try source.answer(toVector: name, in: mode, over: transport)
            if other.body != answer.body { found.append("the body is not as in \(name): \(answer.text)") }
        }
        if let name = expected.sameHeadersAs {
            let other = try source.answer(toVector: name, in: mode, over: transport)
            let (own, wanted) = (VectorSource.lasting(answer.headers), VectorSource.lasting(other.headers))
            if own != wanted { found.append("the headers are not as in \(name): \(own) and \(wanted)") }
        }
        return found
    }

    /// Follows the links of pages until there is none.
    private func check(
        _ walk: Expectation.Walk,
        from form: RequestForm,
        over link: any Link,
        in run: inout Run,
    ) throws -> [String] {
        var pages = 1
        var collected: [JSON] = []
        while let json = run.answer?.json {
            collected += walk.collect.values(in: json)
            let next = walk.next.values(in: json).first?.stringValue ?? ""
            guard !next.isEmpty, pages <= walk.pages else { break }
            var form = form
            form.target = RequestForm.relative(next, written: "{/")
            _ = try run.exchange(form, over: link)
            pages += 1
        }
        let found = walk.all.mismatches(.array(collected), at: "all pages", in: &run)
        return found + (pages == walk.pages ? [] : ["expected \(walk.pages) pages, found \(pages)"])
    }
}

extension VectorSource {
    /// The answer to a vector's first request.
    func answer(
        toVector name: String,
        in mode: AuthenticationMode,
        over transport: Transport
    ) throws -> Answer {
        guard let vector = vectors[name], let form = vector.steps.first?.requests.first else {
            throw FormatError("no vector is called \(name)")
        }
        let link = try transport.link(to: try emulator(for: vector, mode, try time(of: vector)))
        defer { link.close() }
        var run = Run(listener: link.listener)
        return try run.exchange(form, over: link)
    }

    /// Headers as lines, those with another value at each request without it.
    static func lasting(_ headers: [(name: String, value: String)]) -> [String] {
        headers.map { ["Date", "X-Request-Id", "CF-Ray"].contains($0.name) ? $0.name : "\($0.name): \($0.value)" }
    }
}
