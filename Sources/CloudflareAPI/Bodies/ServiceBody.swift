internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// What a service is to be: the body of a creation and of a replacement (contract section 4.2).
struct ServiceBody {
    /// The members that were sent and count, in the form they are kept in.
    let members: JSON.Object
    /// The tunnel that leads to the host.
    let tunnel: String

    var name: String { members["name"]?.stringValue ?? "" }

    /// Reads and checks the body of a call, as far as that needs nothing but the body.
    ///
    /// - Throws: 6003, 5102 or 5101.
    init(_ call: borrowing Call<CloudflareAPI>) throws(CloudflareAPI.Failure) {
        let body = try RequestBody(call, kind: "ConnectivityService")
        var members = try body.object(Self.shape(of: body.members["type"]?.stringValue))
        let name = members["name"]?.stringValue ?? ""
        // For the database a text would end at its first NUL.
        guard !name.isEmpty, !name.utf8.contains(0) else { throw .invalid("Service name is empty or not a text") }
        let host = try Self.host(members["host"]?.objectValue ?? [:])
        members["host"] = .object(host)
        self.members = members
        tunnel = (host["network"] ?? host["resolver_network"])?["tunnel_id"]?.stringValue ?? ""
    }

    /// The service as it is kept.
    ///
    /// - Parameters:
    ///   - id: its identifier.
    ///   - created: when it was created.
    ///   - updated: when it was last written.
    /// - Returns: the document, to which the other members come in the collection's order.
    func document(_ id: String, created: JSON?, updated: Timestamp) -> JSON.Object {
        let moment = JSON.string(updated.text(fractionDigits: 0))
        return JSON.Object(
            members: [("service_id", .string(id))] + members
                + [("created_at", created ?? moment), ("updated_at", moment)]
        )
    }

    /// The members that a service of a type can have; of a type that there is not, those that come before it is noticed.
    private static func shape(of type: String?) -> RequestBody.Shape {
        let own: RequestBody.Shape =
            switch type {
            case "http": [.init(name: "http_port", form: .port), .init(name: "https_port", form: .port)]
            case "tcp":
                [
                    .init(name: "tcp_port", form: .port),
                    .init(name: "app_protocol", form: .words(CloudflareAPI.appProtocols)),
                ]
            default: []
            }
        return [
            .init(name: "name", form: .text, isRequired: true),
            .init(name: "type", form: .words(CloudflareAPI.serviceTypes), isRequired: true),
            .init(name: "host", form: .object(host), isRequired: true),
        ] + own + [.init(name: "tls_settings", form: .object(tlsSettings))]
    }

    private static let host: RequestBody.Shape = [
        .init(name: "ipv4", form: .text), .init(name: "ipv6", form: .text), .init(name: "hostname", form: .text),
        .init(name: "network", form: .object([tunnelID])),
        .init(
            name: "resolver_network",
            form: .object([tunnelID, .init(name: "resolver_ips", form: .list(of: .text))]),
        ),
    ]
    private static let tunnelID = RequestBody.Field(name: "tunnel_id", form: .text, isRequired: true)
    private static let tlsSettings: RequestBody.Shape = [
        .init(name: "cert_verification_mode", form: .words(CloudflareAPI.verificationModes), isRequired: true)
    ]

    /// The members that a host can have together.
    static let hostShapes: [Set<String>] = [
        ["ipv4", "network"], ["ipv6", "network"], ["ipv4", "ipv6", "network"], ["hostname", "resolver_network"],
    ]

    /// A host of one of the shapes that there are; host names and tunnels in lower case, addresses as they were sent.
    private static func host(_ sent: JSON.Object) throws(CloudflareAPI.Failure) -> JSON.Object {
        guard hostShapes.contains(Set(sent.keys)) else {
            throw .invalid("host must have ipv4, ipv6 or both with network, or hostname with resolver_network")
        }
        var host = sent
        if let ipv4 = sent["ipv4"]?.stringValue, !isAddress(ipv4, isIPv6: false) {
            throw .invalid("ipv4 is not an IPv4 address")
        }
        if let ipv6 = sent["ipv6"]?.stringValue, !isAddress(ipv6, isIPv6: true) {
            throw .invalid("ipv6 is not an IPv6 address")
        }
        if let hostname = sent["hostname"]?.stringValue?.lowercased() {
            guard isHostname(hostname) else { throw .invalid("hostname is not a host name") }
            host["hostname"] = .string(hostname)
        }
        let resolvers = sent["resolver_network"]?["resolver_ips"]?.arrayValue ?? []
        guard resolvers.compactMap(\.stringValue).allSatisfy({ isAddress($0, isIPv6: $0.contains(":")) }) else {
            throw .invalid("resolver_ips are not IP addresses")
        }
        for name in ["network", "resolver_network"] {
            guard var network = host[name]?.objectValue, let tunnel = network["tunnel_id"]?.stringValue else {
                continue
            }
            network["tunnel_id"] = .string(tunnel.lowercased())
            host[name] = .object(network)
        }
        return host
    }

    private static func isAddress(_ text: String, isIPv6: Bool) -> Bool {
        AccessList.form.matches(text) && !text.contains("/") && text.contains(":") == isIPv6
    }

    /// What the vendor's command line checks before it asks: no scheme, path or port, no blank, and no address.
    private static func isHostname(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count) && !isAddress(text, isIPv6: false)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7f && !"/:".unicodeScalars.contains(scalar)
                    && !scalar.properties.isWhitespace
            }
    }
}
