import PatchbayCSystem

/// The listening socket that all event loops share; it is closed when the last of them has let go of it.
final class Listener: Sendable {
    let descriptor: Descriptor
    /// The real address; the port is chosen by the system when 0 was asked for.
    let address: (host: String, port: UInt16)
    /// The address as it stands in a URI.
    let authority: String
    /// Whether connections can come in at several addresses, so that each has to be asked for its own.
    let isWildcard: Bool

    init(options: ServerOptions) throws(ServerError) {
        let wanted = try SocketAddress(host: options.host, port: options.port)
        let number = system_stream_socket(wanted.family)
        guard number >= 0 else { throw .last("socket") }
        descriptor = Descriptor(owning: number)
        // Lets a restarted server have the port while old connections are in TIME_WAIT. SO_REUSEPORT is not set: a
        // second server on the port has to fail instead of taking half of the connections.
        _ = system_set_option(number, SOL_SOCKET, SO_REUSEADDR, 1)
        if wanted.family == AF_INET6 { _ = system_set_option(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        guard wanted.withPointer({ bind(number, $0, $1) }) == 0 else { throw Self.refusal(options, call: "bind") }
        guard listen(number, options.backlog) == 0 else { throw Self.refusal(options, call: "listen") }
        guard let actual = SocketAddress({ getsockname(number, $0, $1) }) else { throw .last("getsockname") }
        address = actual.numeric
        authority = SocketAddress.authority(host: address.host, port: address.port)
        isWildcard = address.host == "0.0.0.0" || address.host == "::"
    }

    private static func refusal(_ options: ServerOptions, call: String) -> ServerError {
        let place = SocketAddress.authority(host: options.host, port: options.port)
        let code = system_errno()
        return switch code {
        case EADDRINUSE: .addressInUse(place)
        case EADDRNOTAVAIL, EAFNOSUPPORT: .addressUnavailable(place)
        case EACCES, EPERM: .permissionDenied(place)
        default: .system(call: call, code: code)
        }
    }
}
