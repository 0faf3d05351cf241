internal import APIKit
internal import JSON

extension Verification {
    /// Whether it was so.
    struct Verdict {
        enum Result: String {
            case passed
            case failed
            /// It cannot be told.
            case unknown
        }

        var result: Result
        /// How many requests are as described, or steps of an order.
        var found: Int64
        /// Their numbers.
        var requests: [UInt64]
        /// The step that was not found.
        var step: Int?
        var explanation = ""
        var nearest: [Candidate] = []

        init(_ result: Result, found: Int64, requests: [UInt64], _ step: Int? = nil) {
            self.result = result
            self.found = found
            self.requests = requests
            self.step = step
        }
    }

    /// A request that is nearly as described.
    struct Candidate {
        private let exchange: RecordedExchange
        private let differences: [ExchangePattern.Mismatch]
        private let weight: Int

        private static let most = (candidates: 3, examined: 1_000, differences: 20)

        /// The nearest of those that are not as described, the newest of equals first.
        static func nearest(to pattern: ExchangePattern, among exchanges: [RecordedExchange]) -> [Self] {
            let candidates = exchanges.suffix(most.examined).reversed().map { exchange in
                let (found, weight) = pattern.mismatches(with: exchange)
                return Self(exchange: exchange, differences: found, weight: weight)
            }
            let others = candidates.filter { !$0.differences.isEmpty }.enumerated()
            let sorted = others.sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }
            return sorted.prefix(most.candidates).map(\.element)
        }

        var json: JSON {
            [
                "number": .count(exchange.entry.number),
                "differences": .array(
                    differences.prefix(Self.most.differences).map { difference in
                        [
                            "member": .string("\(difference.place)"), "expected": difference.expected,
                            "found": difference.found ?? .null,
                        ]
                    }
                ),
            ]
        }

        /// In a sentence.
        var text: String {
            let parts = differences.prefix(3).map { difference in
                "\(difference.place) is \(difference.found?.text ?? "absent") and not \(difference.expected.text)"
            }
            let more = differences.count > parts.count ? ", and more" : ""
            return "The nearest is request \(exchange.entry.number): \(parts.joined(separator: ", "))\(more)."
        }
    }
}
