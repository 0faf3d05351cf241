import PatchbayCSystem
import PatchbayHTTP
import Synchronization
import Testing

@testable import PatchbayServer

/// Slow, vanishing and numerous clients.
@Suite(.timeLimit(.minutes(5)))
struct LoadTests {
    private static let large = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)

    @Test func `a slow reader gets everything and holds up the requests behind`() throws {
        let handled = Atomic<Int>(0)
        let running = try Running(handler: { _ in
            handled.add(1, ordering: .relaxed)
            return Response(status: .ok, body: Self.large)
        })
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send((0..<50).map { get("/\($0)") }.joined())
        usleep(200_000)
        // The kernel's buffers take some of it; the point is that the server does not make all 50 MB at once.
        #expect(handled.load(ordering: .relaxed) < 20)
        for _ in 0..<50 { #expect(try client.answer().body.count == Self.large.count) }
        try client.send(get("/after"))
        #expect(try client.answer().code == 200)
    }

    @Test func `a slow reader does not hold up others`() throws {
        let running = try Running(handler: { _ in Response(status: .ok, body: Self.large) })
        let slow = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try slow.send((0..<20).map { get("/\($0)") }.joined())
        usleep(50_000)
        var quick = try Client(port: running.port)
        try quick.send(get("/"))
        #expect(try quick.answer().code == 200)
        _ = consume slow
    }

    @Test(arguments: [10, 100_000])
    func `a long pipeline does not hold up others`(size: Int) throws {
        let order = Mutex<[String]>([])
        let isOtherThere = Atomic<Bool>(false)
        let running = try Running(
            { $0.loops = 1 },
            handler: { request in
                let path = request.target.path
                order.withLock { $0.append(path) }
                while path == "/0", !isOtherThere.load(ordering: .relaxed) { usleep(1_000) }
                return Response(status: .ok, body: [UInt8](repeating: UInt8(ascii: "x"), count: size))
            }
        )
        var other = try Client(port: running.port)
        try other.send(get("/before"))
        #expect(try other.answer().code == 200)
        var long = try Client(port: running.port)
        try long.send((0..<400).map { get("/\($0)") }.joined())
        #expect(Running.eventually { order.withLock { $0.contains("/0") } })
        try other.send(get("/other"))
        isOtherThere.store(true, ordering: .relaxed)
        #expect(try other.answer().code == 200)
        for _ in 0..<400 { #expect(try long.answer().body.count == size) }
        // One turn is what has begun; the other client's is in the next round.
        let turn = Limits().pipelinedRequests
        #expect(order.withLock { $0.firstIndex(of: "/other") ?? .max } <= 1 + 2 * turn)
        #expect(order.withLock { $0.filter { $0 != "/other" } } == ["/before"] + (0..<400).map { "/\($0)" })
    }

    @Test func `RFC 9112, 9.5: a client that does not read at all is given up`() throws {
        let running = try Running(
            { $0.idleTimeout = .milliseconds(100) },
            handler: { _ in Response(status: .ok, body: Self.large) }
        )
        let client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send((0..<20).map { get("/\($0)") }.joined())
        #expect(Running.eventually { running.server.connectionCount == 1 })
        #expect(Running.eventually { running.server.connectionCount == 0 })
        _ = consume client
    }

    @Test(arguments: [true, false])
    func `RFC 9112, 9.5: a client that leaves while its answers are written is forgotten`(resets: Bool) throws {
        let running = try Running(handler: { _ in Response(status: .ok, body: Self.large) })
        for _ in 0..<20 {
            let client = try Client(port: running.port, receiveBuffer: 8 * 1024)
            try client.send((0..<20).map { get("/\($0)") }.joined())
            if resets { client.resetOnClose() }
        }
        #expect(Running.eventually { running.server.connectionCount == 0 })
    }

    @Test func `a thousand connections come and go`() throws {
        let running = try Running({ $0.loops = 2 })
        for index in 0..<1000 {
            var client = try Client(port: running.port)
            try client.send(get("/\(index)"))
            #expect(try client.answer().code == 200)
        }
        #expect(Running.eventually { running.server.connectionCount == 0 })
    }

    @Test func `a server that runs out of descriptors waits and recovers`() async {
        await #expect(processExitsWith: .success) {
            let spare = dup(2)
            let running = try Running()
            var client = try Client(
                port: running.port,
                prepare: {
                    // Both numbers have to stay below the limit: what else the process closes may have left the
                    // client a lower number than the spare one, which then could not be given to anybody.
                    system_lower_descriptor_limit(UInt64(max($0, spare)) + 1)
                    // Takes every number that is still free, so that the accept fails.
                    while dup(2) >= 0 {}
                }
            )
            try client.send(get("/"))
            usleep(50_000)
            let before = system_nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
            usleep(250_000)
            let used = system_nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - before
            // A loop that tried again and again would use all of the quarter of a second, on a core of its own. That the
            // connection still waits is not asserted: something else in the process may have closed a descriptor.
            precondition(used < 200_000_000, "the loop spins: \(used) ns")
            close(spare)
            let answer = try client.answer()
            precondition(answer.code == 200, "\(answer)")
        }
    }
}
