import PatchbayCSystem

/// Why a server cannot start.
public enum ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another process listens on the address and port.
    case addressInUse(String)
    /// No interface of this machine has the address.
    case addressUnavailable(String)
    /// The port is reserved for privileged processes.
    case permissionDenied(String)
    /// The host is neither an IP literal nor "localhost".
    case badHost(String)
    /// `start()` before `bind()`, or either of them twice.
    case wrongState(String)
    /// Any other refusal by the operating system.
    case system(call: String, code: Int32)

    /// One sentence for the person who started the server.
    public var description: String {
        switch self {
        case .addressInUse(let address): "\(address) is in use by another process"
        case .addressUnavailable(let address): "\(address) is no address of this machine"
        case .permissionDenied(let address): "\(address) needs more privileges than this process has"
        case .badHost(let host): "\"\(host)\" is neither an IPv4 or IPv6 address nor \"localhost\""
        case .wrongState(let reason): reason
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        }
    }

    /// The error that a system call has just left behind.
    static func last(_ call: String) -> ServerError {
        .system(call: call, code: system_errno())
    }
}
