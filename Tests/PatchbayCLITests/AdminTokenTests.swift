import Testing

/// The control plane of a program that was started with a token.
@Suite(.timeLimit(.minutes(5)))
struct AdminTokenTests {
    private static let token = "t0p.secret~"
    private static let given: [(arguments: [String], environment: [String: String])] = [
        (["--admin-token", token], [:]), ([], ["PATCHBAY_ADMIN_TOKEN": token]),
        (["--admin-token=\(token)"], ["PATCHBAY_ADMIN_TOKEN": "other"]),
    ]

    @Test(arguments: given, ["text", "json"])
    func `Calls need the token, which no log has`(
        given: (arguments: [String], environment: [String: String]),
        format: String,
    ) throws {
        let log = ["--log-level", "trace", "--log-format", format, "--port", "0"]
        let program = try Program(given.arguments + log, environment: given.environment)
        let server = try RunningServer(program)
        #expect(try server.get("/_patchbay/requests").status == 401)
        #expect(try server.get("/_patchbay/requests", headers: ["Authorization: Bearer \(Self.token)x"]).status == 401)
        #expect(try server.get("/_patchbay/requests", headers: ["Authorization: Bearer \(Self.token)"]).status == 200)
        // Nobody has to be told the token who only waits for the server.
        #expect(try Program.run("healthcheck", "--port", "\(server.port)").code == 0)
        #expect(try server.get("/_patchbay/health").status == 200)
        let ended = try server.stop()
        #expect(ended.code == 0)
        #expect(ended.errors.contains("/_patchbay/requests"))
        #expect(!(ended.output + ended.errors).contains(Self.token))
    }

    @Test(arguments: ["two words", "schlüssel", "a\"b", "a,b", "token:x"], [true, false])
    func `What cannot be sent as a token is exit 2, and not repeated`(value: String, isFlag: Bool) throws {
        let environment = isFlag ? [:] : ["PATCHBAY_ADMIN_TOKEN": value]
        let ended = try Program(isFlag ? ["--admin-token", value] : [], environment: environment).end()
        #expect(ended.code == 2)
        let source = isFlag ? "--admin-token" : "PATCHBAY_ADMIN_TOKEN"
        #expect(ended.errors == "patchbay: \(source): what was given is not a text of letters, digits and -._~+/=\n")
    }

    @Test func `An empty flag is a mistake, and an empty variable none`() throws {
        #expect(try Program.run("--admin-token", "").code == 2)
        let server = try RunningServer(environment: ["PATCHBAY_ADMIN_TOKEN": ""])
        #expect(try server.get("/_patchbay/requests").status == 200)
        #expect(try server.stop().code == 0)
    }

    @Test(arguments: ["Content-Length: 16777217", "Transfer-Encoding: chunked"])
    func `A body over the limit is refused before anything is done`(framing: String) throws {
        let server = try RunningServer()
        let body = framing.hasPrefix("C") ? "" : "1000001\r\n"
        let head = "PUT /_patchbay/tenants/t HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        let answer = try server.exchange("\(head)\(framing)\r\n\r\n\(body)")
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(answer.contains("Content-Type: application/problem+json\r\n"))
        #expect(try server.get("/_patchbay/tenants/t").status == 404)
        #expect(try server.stop().code == 0)
    }
}
