import PatchbayCSystem

/// An IP address and port as the system calls want it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// What a call that answers an address has written, or nil when the call failed.
    init?(_ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        var length = length
        let code = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
        }
        guard code >= 0 else { return nil }
        self.length = length
    }

    /// The address of a literal.
    init(host: String, port: UInt16) throws(ServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = system_stream_type()
        var list: UnsafeMutablePointer<addrinfo>?
        let literal = host == "localhost" ? "127.0.0.1" : host
        guard getaddrinfo(literal, String(port), &hints, &list) == 0, let first = list?.pointee,
            let address = first.ai_addr
        else { throw .badHost(host) }
        defer { freeaddrinfo(list) }
        length = first.ai_addrlen
        withUnsafeMutablePointer(to: &storage) { pointer in
            UnsafeMutableRawPointer(pointer).copyMemory(from: address, byteCount: Int(first.ai_addrlen))
        }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// Lends the address to a system call.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// Address and port as numbers; an IPv4 client of an IPv6 socket is shown as IPv4.
    var numeric: (host: String, port: UInt16) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: 16)
        let code = withPointer { address, length in
            getnameinfo(
                address,
                length,
                &host,
                socklen_t(host.count),
                &service,
                socklen_t(service.count),
                NI_NUMERICHOST | NI_NUMERICSERV
            )
        }
        guard code == 0 else { return ("", 0) }
        let text = Self.text(host)
        let mapped = "::ffff:"
        let shown = text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.count)) : text
        return (shown, UInt16(Self.text(service)) ?? 0)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// An address and port as they stand in a URI, IPv6 in brackets (RFC 3986, section 3.2.2).
    static func authority(host: String, port: UInt16) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
