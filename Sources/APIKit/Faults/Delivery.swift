internal import HTTP

extension FaultTable.Decision {
    /// How the answer leaves.
    var delivery: Delivery { Delivery(delay: .microseconds(delay), ending: ending) }

    private var ending: Delivery.Ending {
        switch effect {
        case .reset: .reset
        case .empty: .reset
        case .garbage: .close
        case .truncated(let bytes): .truncated(bodyBytes: bytes)
        case .dribbled: .complete
        case .error, .rateLimit, nil: .complete
        }
    }
}
