internal import PatchbayAPIKit
internal import PatchbayJSON

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

        private static let most = (candidates: 3, examined: 1_000, differences: 20)

        /// The nearest of those that are not as described, the newest of equals first.
        static func nearest(to pattern: ExchangePattern, among exchanges: [RecordedExchange]) -> [Self] {
            let weighed = exchanges.suffix(most.examined).reversed().enumerated().map { place, exchange in
                (weight: pattern.weight(against: exchange), place: place, exchange: exchange)
            }
            let others = weighed.filter { $0.weight > 0 }.sorted { ($0.weight, $0.place) < ($1.weight, $1.place) }
            return others.prefix(most.candidates).map { other in
                Self(exchange: other.exchange, differences: pattern.mismatches(with: other.exchange))
            }
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
