internal import PatchbayAPIKit
internal import PatchbayJSON

/// What a test expects of the requests that came.
struct Verification {
    /// What it is about.
    private enum Subject {
        case count(ExchangePattern, ClosedRange<Int64>)
        case order([ExchangePattern], isAdjacent: Bool)
    }

    private let subject: Subject
    /// The number of the last request that is not looked at.
    let since: Int64

    /// Reads what is expected.
    init(_ members: inout ControlBody, _ reader: PatternReader) throws(ControlAPI.Failure) {
        for name in ["request", "inOrder"] {
            try members.boundValues(of: name, to: ControlBound.patternValues)
        }
        let request = try members.object("request") { members throws(ControlAPI.Failure) in
            try reader.pattern(&members)
        }
        let order = try members.objects("inOrder") { members throws(ControlAPI.Failure) in try reader.pattern(&members)
        }
        switch (request, order) {
        case (let request?, nil): subject = .count(request, try Self.count(&members))
        case (nil, let order?):
            guard !order.isEmpty else { throw members.bad("inOrder", "is empty") }
            subject = .order(order, isAdjacent: try members.boolean("adjacent") ?? false)
        case (nil, nil):
            let subjects = ["request", "inOrder"]
            guard let name = members.names.first else {
                throw .bad(at: JSON.Pointer(), "has neither \(subjects.joined(separator: " nor "))")
            }
            throw .unknown(name, at: members.pointer(to: name), among: subjects, as: "is not what has to be there")
        case (_?, _?): throw members.bad("inOrder", "does not go with request")
        }
        since = try members.integer("since", in: 0...Int64.max) ?? 0
    }

    /// How many there have to be: so many, or at least one when nobody says.
    private static func count(_ members: inout ControlBody) throws(ControlAPI.Failure) -> ClosedRange<Int64> {
        let all = 0...Int64.max
        guard let value = members.value("count") else { return 1...Int64.max }
        guard value.objectValue != nil else {
            guard let count = try members.integer("count", in: all) else { return all }
            return count...count
        }
        let bounds = try members.object("count") { members throws(ControlAPI.Failure) in
            (try members.integer("atLeast", in: all), try members.integer("atMost", in: all))
        }
        let (least, most) = bounds ?? (nil, nil)
        guard least != nil || most != nil else { throw members.bad("count", "has neither atLeast nor atMost") }
        guard (least ?? 0) <= (most ?? .max) else { throw members.bad("count", "has an atLeast above its atMost") }
        return (least ?? 0)...(most ?? .max)
    }

    /// What was expected, as answers repeat it.
    var expected: JSON.Object {
        guard case .count(_, let range) = subject else { return [:] }
        var bounds: JSON.Object = ["atLeast": .count(range.lowerBound)]
        if range.upperBound < .max { bounds["atMost"] = .count(range.upperBound) }
        return ["expected": .object(bounds)]
    }

    /// What was let go of what has to be looked at.
    struct Gap {
        /// At most so many requests.
        var dropped: Int64
        /// The newest of them; 0 without any.
        var last: UInt64
        /// The requests whose bodies were too large to be kept, and could be as described.
        var unread: [UInt64] = []

        /// Whether nothing is missing.
        var isEmpty: Bool { last == 0 && unread.isEmpty }

        func explanation(capacity: Int) -> String {
            guard unread.isEmpty else {
                let numbers = unread.prefix(10).map(String.init).joined(separator: ", ")
                return
                    "Whether that is so cannot be told: the bodies of requests were too large to be kept: \(numbers)."
            }
            let bound = "within \(Journal.most.ofTenant >> 20) MB"
            let kept = capacity == 0 ? "keeps none" : "keeps \(capacity) of each tenant, \(bound)"
            return
                "Whether that is so cannot be told: up to \(dropped) requests were let go, the last of them number \(last). "
                + "The journal \(kept); --journal (PATCHBAY_JOURNAL) says how many, and since= or DELETE "
                + "/_patchbay/requests where to begin."
        }
    }

    /// The exchanges of which it cannot be told whether they are as described.
    func unread(among exchanges: [RecordedExchange]) -> [UInt64] {
        let patterns =
            switch subject {
            case .count(let pattern, _): [pattern]
            case .order(let patterns, _): patterns
            }
        return exchanges.filter { exchange in
            var values = ExchangeValues(exchange)
            return patterns.contains { $0.mayMatch(&values) }
        }.map(\.entry.number)
    }

    func verdict(on exchanges: [RecordedExchange], _ gap: Gap) -> Verdict {
        switch subject {
        case .count(let pattern, let range): count(of: pattern, range, in: exchanges, gap)
        case .order(let patterns, true): adjacentOrder(of: patterns, in: exchanges, gap)
        case .order(let patterns, false): order(of: patterns, in: exchanges, gap)
        }
    }

    private func count(
        of pattern: ExchangePattern,
        _ range: ClosedRange<Int64>,
        in exchanges: [RecordedExchange],
        _ gap: Gap
    ) -> Verdict {
        let requests = exchanges.filter(pattern.matches).map(\.entry.number)
        let found = Int64(requests.count)
        let most = found + gap.dropped + Int64(gap.unread.count)
        let result: Verdict.Result =
            if range.contains(found), range.contains(most) {
                .passed
            } else if found > range.upperBound
                || most < range.lowerBound
            { .failed } else { .unknown }
        var verdict = Verdict(result, found: found, requests: requests)
        guard result == .failed else { return verdict }
        if found < range.lowerBound { verdict.nearest = Candidate.nearest(to: pattern, among: exchanges) }
        verdict.explanation =
            "\(found) of \(exchanges.count) requests \(found == 1 ? "is" : "are") as described, where "
            + "\(Self.words(range)) should be."
        return verdict
    }

    private static func words(_ range: ClosedRange<Int64>) -> String {
        if range.upperBound == .max { return "at least \(range.lowerBound)" }
        if range.lowerBound == range.upperBound { return "\(range.lowerBound)" }
        return range.lowerBound == 0 ? "at most \(range.upperBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    /// Whether one came after the other, whatever came between: the first that fits is as good as any.
    private func order(of patterns: [ExchangePattern], in exchanges: [RecordedExchange], _ gap: Gap) -> Verdict {
        var requests: [UInt64] = []
        var rest = exchanges[...]
        for (step, pattern) in patterns.enumerated() {
            guard let place = rest.firstIndex(where: pattern.matches) else {
                let last = requests.last.map { " after request \($0)" } ?? ""
                let earlier = exchanges[..<rest.startIndex].last(where: pattern.matches)
                let hint = earlier.map { " Request \($0.entry.number) is, but came before." } ?? ""
                var verdict = Verdict(gap.isEmpty ? .failed : .unknown, found: Int64(step), requests: requests, step)
                verdict.explanation = "No request\(last) is as described in /inOrder/\(step).\(hint)"
                verdict.nearest = Candidate.nearest(to: pattern, among: Array(rest))
                return verdict
            }
            requests.append(exchanges[place].entry.number)
            rest = exchanges[(place + 1)...]
        }
        return Verdict(.passed, found: Int64(requests.count), requests: requests)
    }

    /// Whether one came right after the other.
    private func adjacentOrder(of patterns: [ExchangePattern], in exchanges: [RecordedExchange], _ gap: Gap) -> Verdict
    {
        var longest = exchanges[..<0]
        // How many of the patterns those fit that came last, for each beginning that is still as described.
        var lengths: [Int] = []
        for (place, exchange) in exchanges.enumerated() {
            var values = ExchangeValues(exchange)
            lengths = ([0] + lengths).filter { $0 < patterns.count && patterns[$0].matches(&values) }.map { $0 + 1 }
            guard let most = lengths.last else { continue }
            let run = exchanges[(place + 1 - most)...place]
            // What was let go may have come between.
            if most == patterns.count, let first = run.first, first.entry.number > gap.last {
                return Verdict(.passed, found: Int64(most), requests: run.map(\.entry.number))
            }
            if most > longest.count { longest = run }
        }
        let step = min(longest.count, patterns.count - 1)
        let result: Verdict.Result = gap.isEmpty ? .failed : .unknown
        var verdict = Verdict(result, found: Int64(longest.count), requests: longest.map(\.entry.number), step)
        let following = longest.isEmpty ? exchanges[...] : exchanges[longest.endIndex...].prefix(1)
        let last = verdict.requests.last.map { "right after request \($0)" } ?? "at the beginning"
        verdict.explanation = "The request \(last) is not as described in /inOrder/\(step)."
        verdict.nearest = Candidate.nearest(to: patterns[step], among: Array(following))
        return verdict
    }
}
