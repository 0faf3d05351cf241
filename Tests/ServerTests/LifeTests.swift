import PatchbayCSystem
import PatchbayHTTP
import Synchronization
import Testing

@testable import PatchbayServer

/// Starting and stopping.
@Suite(.timeLimit(.minutes(5)))
struct LifeTests {
    @Test func `port 0 becomes a real port`() throws {
        let running = try Running()
        #expect(running.server.address.host == "127.0.0.1")
        #expect(running.port > 0)
    }

    @Test func `a second server on the port is refused`() throws {
        let running = try Running()
        let second = Server(options: ServerOptions(port: running.port), handler: echo)
        #expect(throws: ServerError.addressInUse("127.0.0.1:\(running.port)")) { try second.bind() }
    }

    @Test func `a stopped server's port can be taken at once`() throws {
        let first = try Running()
        let port = first.port
        try Held(port: port).exchange("/")
        first.server.stop()
        first.server.waitUntilStopped()
        let second = try Running({ $0.port = port })
        try Held(port: second.port).exchange("/")
    }

    @Test(arguments: ["nowhere", "300.1.1.1", "", "127.0.0.1:80"])
    func `a host that is no address is refused`(host: String) {
        let server = Server(options: ServerOptions(host: host, port: 0), handler: echo)
        #expect(throws: ServerError.badHost(host)) { try server.bind() }
    }

    @Test func `an address of another machine is refused`() {
        let server = Server(options: ServerOptions(host: "192.0.2.1", port: 0), handler: echo)
        #expect(throws: ServerError.addressUnavailable("192.0.2.1:0")) { try server.bind() }
    }

    @Test func `a bound server is served once it has started`() throws {
        let server = Server(options: ServerOptions(port: 0), handler: echo)
        #expect(throws: ServerError.self) { try server.start() }
        try server.bind()
        var client = try Client(port: server.address.port)
        try client.send(get("/early"))
        try server.start()
        #expect(try client.answer().code == 200)
        server.stop()
        server.waitUntilStopped()
    }

    @Test(arguments: [1, 2, 5])
    func `a loop is prepared before it takes connections, and all are when the server has started`(loops: Int) throws {
        final class Prepared: Sendable {
            let count = Atomic(0)
        }
        let prepared = Prepared()
        let server = Server(
            options: ServerOptions(port: 0, loops: loops),
            preparation: { prepared.count.add(1, ordering: .relaxed) },
            handler: { _ in Response(status: Status(prepared.count.load(ordering: .relaxed) > 0 ? 200 : 500)) }
        )
        try server.bind()
        var client = try Client(port: server.address.port)
        try client.send(get("/early"))
        try server.start()
        #expect(prepared.count.load(ordering: .relaxed) == loops)
        #expect(try client.answer().code == 200)
        server.stop()
        server.waitUntilStopped()
    }

    @Test func `a request in flight is finished at stop`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\no")
        #expect(Running.eventually { running.server.connectionCount == 1 })
        usleep(20_000)
        running.server.stop()
        usleep(50_000)
        try client.send("k")
        let answer = try client.answer()
        #expect(answer.body == Array("POST /p a ok".utf8))
        #expect(answer.head.contains("Connection: close\r\n"))
        #expect(try client.isAtEnd())
        running.server.waitUntilStopped()
    }

    @Test func `connections that wait to be accepted at stop are still answered`() throws {
        let running = try Running(handler: { request in
            if request.target.path == "/busy" { usleep(100_000) }
            return echo(request)
        })
        var busy = try Client(port: running.port)
        try busy.send(get("/busy"))
        usleep(20_000)
        let waiting = try (0..<5).map { _ in try Held(port: running.port) }
        for client in waiting { try client.ask("/queued") }
        running.server.stop()
        #expect(try busy.answer().code == 200)
        for client in waiting { try client.expectAnswer("/queued") }
        running.server.waitUntilStopped()
    }

    @Test(arguments: [1, 2, 200, 900])
    func `pipelined requests that have arrived at stop are all answered`(count: Int) throws {
        let isBusy = Atomic(false)
        let mayGo = Atomic(false)
        let running = try Running(
            { $0.loops = 1 },
            handler: { request in
                if request.target.path == "/busy" {
                    isBusy.store(true, ordering: .releasing)
                    while !mayGo.load(ordering: .acquiring) { usleep(1_000) }
                }
                return echo(request)
            }
        )
        // The loop is kept from seeing anything until the stop has been asked for.
        let busy = try Held(port: running.port)
        try busy.ask("/busy")
        #expect(Running.eventually { isBusy.load(ordering: .acquiring) })
        var client = try Client(port: running.port)
        try client.send((0..<count).map { Self.request($0, length: 64) }.joined())
        running.server.stop()
        mayGo.store(true, ordering: .releasing)
        try busy.expectAnswer("/busy")
        for index in 0..<count {
            let answer = try client.answer()
            #expect(answer.body == Array("GET /\(index) test ".utf8))
            #expect(answer.head.contains("Connection: close\r\n") == (index == count - 1))
        }
        #expect(try client.isAtEnd())
        running.server.waitUntilStopped()
    }

    /// A request of a certain length.
    private static func request(_ index: Int, length: Int) -> String {
        let missing = length - get("/\(index)", "X: \r\n").utf8.count
        return get("/\(index)", "X: \(String(repeating: "x", count: missing))\r\n")
    }

    @Test func `idle connections are closed at stop and new ones refused`() throws {
        let running = try Running({ $0.loops = 2 })
        let port = running.port
        let clients = try (0..<4).map { _ in try Held(port: port) }
        for client in clients { try client.exchange("/") }
        let fresh = try Held(port: port)
        #expect(Running.eventually { running.server.connectionCount == 5 })
        running.server.stop()
        running.server.stop()
        running.server.waitUntilStopped()
        running.server.waitUntilStopped()
        for client in clients { #expect(try client.isAtEnd()) }
        #expect(try fresh.isAtEnd())
        #expect(throws: Client.Failure.self) { _ = try Client(port: port) }
    }

    @Test func `a stop does not wait for ever`() throws {
        let running = try Running({ $0.stopGrace = .milliseconds(100) })
        var client = try Client(port: running.port)
        try client.send("GET / HTTP/1.1\r\n")
        #expect(Running.eventually { running.server.connectionCount == 1 })
        running.server.stop()
        running.server.waitUntilStopped()
        #expect(try client.isAtEnd())
    }

    @Test func `the answers before a stop are complete and the last one says so`() throws {
        for _ in 0..<20 {
            let running = try Running()
            var client = try Client(port: running.port)
            try client.send((0..<200).map { get("/\($0)") }.joined())
            running.server.stop()
            var answered = 0
            var isAnnounced = false
            while answered < 200, !isAnnounced {
                isAnnounced = try client.answer().head.contains("Connection: close")
                answered += 1
            }
            #expect(try client.isAtEnd())
        }
    }

    @Test func `a server never started can be stopped and waited for`() throws {
        let server = Server(options: ServerOptions(port: 0), handler: echo)
        try server.bind()
        let port = server.address.port
        server.stop()
        server.waitUntilStopped()
        #expect(throws: Client.Failure.self) { _ = try Client(port: port) }
    }
}
