internal import PatchbayHTTP
internal import PatchbayStore

/// An answer that is given again to the same request, for as long as it would be made the same.
///
/// It follows from the request and the rows alone, and nothing was wrong with either. The rows of a time have a number
/// (``Store/generation``), the readings of quirks and the credentials that are asked for are those of the run. It is kept with the
/// request's head, so that it goes when clients stop asking for it; headers, the journal's entry and the counts are each time
/// made anew.
///
/// Safe to share: nothing of it changes.
final class KeptAnswer: Memory.Content, @unchecked Sendable {
    /// The largest body that is kept: what is kept at all is bounded by as many of these as heads are known.
    private static let largest = 16 * 1024

    let api: any API.Type
    let reply: Reply
    /// What the journal says of each exchange.
    let content: JournalEntry.Content
    private let generation: Int64
    /// What a request has besides its head: the address that it came to, for links, and where it came from, for access lists.
    private let local: String
    private let remote: String

    /// Keeps a reply, if it will do for a second request.
    init?<A: API>(_ reply: Reply, to call: borrowing Call<A>, of generation: Int64) {
        guard
            A.isEmulated, !call.world.store.isShared, call.isRepeatable, call.fault == nil, call.findings.isEmpty,
            reply.stream == nil,
            reply.body.count <= Self.largest
        else { return nil }
        api = A.self
        content = JournalEntry.Content(
            call.request,
            api: A.name,
            route: call.route,
            root: call.root,
            status: reply.status,
            bytes: reply.body.count,
            rows: reply.rows
        )
        self.reply = reply
        self.generation = generation
        local = call.request.local
        remote = call.request.remote
    }

    /// Whether the answer would be made the same for a request with the head that it is kept with.
    func isGood(for request: Request, in world: World) -> Bool {
        generation == world.store.generation && world.faults.isEmpty && request.body.isEmpty
            && local == request.local && remote == request.remote
    }
}
