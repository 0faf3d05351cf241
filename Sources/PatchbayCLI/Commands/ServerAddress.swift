import ArgumentParser
import PatchbayServer

/// Where a running server is.
struct ServerAddress: ParsableArguments {
    @Option(help: "Address of the server. (default: 127.0.0.1)")
    var host: String?

    @Option(
        parsing: .unconditional,
        help: "Port of the server. PATCHBAY_PORT and PORT are read as well. (default: 4747)"
    )
    var port: String?

    /// The address and port, with the environment's where no flag is given.
    ///
    /// - Throws: `UsageError` that names the flag or variable whose value means nothing.
    func resolved(in environment: [String: String]) throws(UsageError) -> (host: String, port: UInt16) {
        let port = Setting("port", port, in: environment, or: ["PORT"])
        let number =
            try port?.read(expecting: "a port from 1 to 65535") { UInt16($0).flatMap { $0 > 0 ? $0 : nil } } ?? 4747
        let configured =
            try Setting("host", host, in: environment)?
            .read(expecting: "an IPv4 or IPv6 address, or localhost", ServeConfiguration.host) ?? "127.0.0.1"
        return (Self.reachable(configured), number)
    }

    /// Where a server that listens on an address is asked: one that listens everywhere, at the machine's own address.
    static func reachable(_ host: String) -> String { ["0.0.0.0": "127.0.0.1", "::": "::1"][host] ?? host }
}
