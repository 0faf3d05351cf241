internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore
internal import Synchronization

/// What happens, as it happens: server-sent events (HTML, section 9.2).
extension ControlAPI {
    static let eventEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/events",
            operation: "followEvents",
            summary: "Tells of every request that a filter lets through as it is answered, through server-sent events.",
            parameters: ExchangeFilter.parameters(),
            answerType: EventStream.contentType,
            answer: ["type": "string"],
            handler: followEvents,
        )
    ]

    /// Tells of every request that a filter lets through as it is answered, until the reader goes.
    ///
    /// A reader that comes back says in Last-Event-ID which it was told of last, and is told of those that it missed first, as
    /// far as the journal has them.
    static func followEvents(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call, filtersByAPI: true)
        let filter = try ExchangeFilter(call)
        let last = try lastEvent(call)
        let world = call.world
        let stream = ResponseStream(capacity: EventStream.capacity, heartbeat: EventStream.heartbeat)
        let events = EventStream(stream, of: scope.roots, like: filter.pattern, in: world)
        world.journal.follow(events)
        stream.onClose { world.journal.unfollow(events) }
        var reply = Reply(
            headers: [("Cache-Control", "no-store")],
            contentType: EventStream.contentType,
            body: EventStream.beginning + (last.map { events.missed(after: $0) } ?? []),
        )
        reply.stream = stream
        return reply
    }

    private static func lastEvent(_ call: borrowing Call<Self>) throws(Failure) -> UInt64? {
        guard let text = call.request.headers["Last-Event-ID"], !text.isEmpty else { return nil }
        guard let number = UInt64(text) else { throw .badHeader("Last-Event-ID", "is no number of a request") }
        return number
    }
}

/// A journal's exchanges as events, in their order, for one reader.
final class EventStream: JournalFollower {
    static let contentType = "text/event-stream"
    /// What a reader may be behind before events are left out, in bytes.
    static let capacity = 1024 * 1024
    /// Comments, by which it is noticed that a reader has vanished.
    static let heartbeat = ResponseStream.Heartbeat(Array(": nothing new\n\n".utf8), every: .seconds(15))
    /// What every stream begins with: after how long a reader that was cut off comes back, in milliseconds.
    static let beginning = Array("retry: 1000\n\n".utf8)
    /// How many requests a reader that comes back is told of at most.
    private static let mostMissed = 1_000

    private struct State {
        /// Not owned: a stream that is not sent anywhere ends with its response.
        weak var stream: ResponseStream?
        /// The number of the exchange that the reader was on when it began.
        var first: UInt64 = 0
        /// The number of the next event.
        var next: UInt64 = 1
        /// Events that have to wait for those before them, which other threads are still making.
        var early: [UInt64: [UInt8]] = [:]
        /// How many events were left out since the last one that was not.
        var dropped = 0

        mutating func send(_ event: [UInt8]) {
            let gap = dropped == 0 ? [] : EventStream.gap(dropped)
            if stream?.write(gap.isEmpty ? event : gap + event) == true { dropped = 0 } else { dropped += 1 }
        }
    }

    private let roots: [Root]?
    private let pattern: ExchangePattern
    private let world: World
    private let state: Mutex<State>

    init(_ stream: ResponseStream, of roots: [Root]?, like pattern: ExchangePattern, in world: World) {
        self.roots = roots
        self.pattern = pattern
        self.world = world
        state = Mutex(State(stream: stream))
    }

    func begin(after number: UInt64) {
        state.withLock { state in
            state.first = number
            state.next = number + 1
        }
    }

    func take(_ told: ToldExchange) {
        // Not while anything is locked: it takes a while.
        let event = isWanted(told) ? told.event { self.event(of: told.exchange(in: world)) } : []
        state.withLock { state in
            state.early[told.entry.number] = event
            while let event = state.early.removeValue(forKey: state.next) {
                state.next += 1
                if !event.isEmpty { state.send(event) }
            }
        }
    }

    /// The events that a reader missed between the one it was told of last and the beginning of the stream.
    func missed(after last: UInt64) -> [UInt8] {
        let first = state.withLock { $0.first }
        // Numbers that are still to come are those of another run.
        let isOfThisRun = last <= first
        let extract = world.journal.extract(of: roots)
        let missed = extract.entries.filter { $0.number <= first && ($0.number > last || !isOfThisRun) }
            .map { RecordedExchange($0, in: world) }.filter(pattern.matches)
        let left = missed.count - min(missed.count, Self.mostMissed)
        let isComplete = isOfThisRun && extract.lastDropped <= last
        let gap = isComplete ? (left == 0 ? [] : Self.gap(left)) : Self.gap(nil)
        return missed.dropFirst(left).reduce(into: gap) { $0 += event(of: $1) }
    }

    /// Whether the reader asked for it.
    private func isWanted(_ told: ToldExchange) -> Bool {
        if let roots, !(told.entry.root.map(roots.contains) ?? false) { return false }
        return pattern.fields.isEmpty || pattern.matches(told.exchange(in: world))
    }

    private func event(of exchange: RecordedExchange) -> [UInt8] {
        let head = Array("id: \(exchange.entry.number)\nevent: request\ndata: ".utf8)
        return head + exchange.json.compact() + Array("\n\n".utf8)
    }

    /// Says how many events were left out; `nil` where nobody knows.
    private static func gap(_ count: Int?) -> [UInt8] {
        Array("event: gap\ndata: {\"dropped\":\(count.map(String.init) ?? "null")}\n\n".utf8)
    }
}
