internal import PatchbayHTTP

extension FaultTable.Decision {
    /// How the answer leaves.
    var delivery: Delivery { Delivery(delay: .microseconds(delay), ending: ending) }

    private var ending: Delivery.Ending {
        switch effect {
        case .reset: .reset
        case .empty: .empty
        case .garbage: .garbage(garbage)
        case .truncated(let bytes): .truncated(bodyBytes: bytes)
        case .dribbled(let pieces, let length): .dribbled(chunks: pieces, over: .microseconds(length))
        case .error, .rateLimit, nil: .complete
        }
    }
}

extension Response {
    /// How many bytes of the body leave.
    var sentBytes: Int {
        if case .truncated(let bytes) = delivery.ending { return min(bytes, body.count) }
        return body.count
    }
}
