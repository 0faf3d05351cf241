import ArgumentParser
import Patchbay
import Server

/// Asks a running server whether it is ready: for containers that have no other client.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Exit with 0 when a server is ready, with 1 when it is not.",
    )

    @Option(help: "Address of the server. (default: 127.0.0.1)")
    var host: String?

    @Option(
        parsing: .unconditional,
        help: "Port of the server. PATCHBAY_PORT and PORT are read as well. (default: 4747)"
    )
    var port: String?

    func run() throws {
        let environment = processEnvironment()
        let port = Setting("port", port, in: environment, or: ["PORT"])
        let number =
            try port?.read(expecting: "a port from 1 to 65535") { UInt16($0).flatMap { $0 > 0 ? $0 : nil } } ?? 4747
        let configured =
            try Setting("host", host, in: environment)?
            .read(expecting: "an IPv4 or IPv6 address, or localhost", ServeConfiguration.host) ?? "127.0.0.1"
        // A server that listens everywhere is asked at the machine's own address.
        let address = ["0.0.0.0": "127.0.0.1", "::": "::1"][configured] ?? configured
        do {
            let status = try HealthProbe(host: address, port: number).status(of: "/_patchbay/ready")
            guard status == 200 else { throw CheckFailure(description: "not ready: the server answered \(status)") }
        } catch let error as ServerError {
            throw CheckFailure(description: "not ready: no answer from \(address):\(number) (\(error))")
        }
    }
}
