import ArgumentParser
import PatchbayServer

/// Asks a running server whether it is ready: for containers that have no other client.
struct HealthcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Exit with 0 when a server is ready, with 1 when it is not.",
    )

    @OptionGroup var server: ServerAddress

    func run() throws {
        let (host, port) = try server.resolved(in: processEnvironment())
        do {
            let status = try HealthProbe(host: host, port: port).status(of: "/_patchbay/ready")
            guard status == 200 else { throw CheckFailure(description: "not ready: the server answered \(status)") }
        } catch let error as ServerError {
            throw CheckFailure(description: "not ready: no answer from \(host):\(port) (\(error))")
        }
    }
}
