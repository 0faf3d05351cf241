internal import PatchbayAPIKit
internal import PatchbayJSON
package import PatchbayStore

extension CloudflareAPI {
    /// Accounts, by which the vendor isolates customers.
    package static let accounts = Collection(
        "accounts",
        in: "cloudflare",
        key: "id",
        members: [
            Member("id", .text(accountID), says: "What stands in the path."),
            Member("name", .text(.nonempty), .standard("Patchbay")),
            Member("type", .choice(["standard", "enterprise"]), .standard("standard")),
            Member(
                "settings",
                .object([Member("enforce_twofactor", .boolean)]),
                .standard(["enforce_twofactor": false]),
            ),
            Member("created_on", .timestamp(fractionDigits: 0), .standard("2024-01-01T00:00:00Z")),
        ],
    )

    /// Tunnels of an account, which lead to the hosts of its services.
    package static let tunnels = Collection(
        "tunnels",
        in: "cloudflare",
        under: accounts,
        key: "id",
        members: [
            Member("id", .text(.uuid)),
            Member("name", .text(.nonempty), says: "Unique in the account."),
            Member("config_src", .choice(tunnelSources), .standard("local")),
            Member("tunnel_secret", .text(.any), .optional),
            Member("created_at", .timestamp(fractionDigits: 6), .standard("2024-01-01T00:00:00.000000Z")),
        ],
        filters: ["name"],
        orders: [.init("created_at", "id")],
        unique: ["name"],
    )

    /// Where a tunnel's configuration is kept.
    static let tunnelSources = ["local", "cloudflare"]

    /// Workers VPC services of an account, with their members in the order of the live service.
    package static let services = Collection(
        "services",
        in: "cloudflare",
        under: accounts,
        key: "service_id",
        members: [Member("type", .choice(serviceTypes))],
        variants: .init(
            by: "type",
            [
                ("http", members(of: [Member("http_port", port, .optional), Member("https_port", port, .optional)])),
                (
                    "tcp",
                    members(of: [
                        Member("tcp_port", port, .optional),
                        Member("app_protocol", .choice(appProtocols), .optional),
                    ])
                ),
            ],
        ),
        filters: ["type"],
        orders: [.init("created_at", "service_id"), .init("service_id")],
        unique: ["name"],
    )

    /// The types of a service.
    static let serviceTypes = ["tcp", "http"]
    /// What may be spoken with a service of type `tcp`.
    static let appProtocols = ["postgresql", "mysql"]
    /// How a service's certificate may be checked.
    static let verificationModes = ["verify_full", "verify_ca", "disabled"]

    /// An account identifier as the document bounds it; real ones are 32 hexadecimal digits.
    static let accountID = Member.TextForm(
        "1 to 32 letters, digits, dashes and underscores",
        pattern: "^[A-Za-z0-9_-]{1,32}$",
    ) { id in
        (1...32).contains(id.utf8.count) && id.utf8.allSatisfy(\.isIdentifier)
    }

    /// What readings other than the decided ones make of a row; `nil` when they leave it as it is.
    static func reshape(_ quirks: Readings) -> (@Sendable (JSON.Object) -> JSON.Object)? {
        let hasNulls = quirks.take(Quirks.unset, "null")
        let isAsOnPage = quirks.take(Quirks.memberOrder, "page")
        let isReset = quirks.take(Quirks.createdAt, "reset")
        guard hasNulls || isAsOnPage || isReset else { return nil }
        return { service in
            var shown = hasNulls ? withNulls(service) : service
            // Where every write sets both, they are never apart. What is kept is when it was created, which orders the list.
            if isReset { shown["created_at"] = service["updated_at"] }
            return isAsOnPage ? inPageOrder(shown) : shown
        }
    }

    /// The required members first, the others by name.
    private static func inPageOrder(_ service: JSON.Object) -> JSON.Object {
        let first = ["host", "name", "type"]
        let names = first + service.keys.filter { !first.contains($0) }.sorted()
        return JSON.Object(members: names.compactMap { name in service[name].map { (name, $0) } })
    }

    /// A service as the live service shows it: every member that its type could have, null where it is unset.
    private static func withNulls(_ service: JSON.Object) -> JSON.Object {
        let own = service["type"] == "tcp" ? ["tcp_port", "app_protocol"] : ["http_port", "https_port"]
        var host: JSON.Object = [:]
        for name in ["ipv4", "ipv6", "hostname", "network", "resolver_network"] {
            host[name] = service["host"]?[name] ?? .null
        }
        var shown: JSON.Object = [:]
        for name in ["service_id", "type", "name"] { shown[name] = service[name] }
        for name in own { shown[name] = service[name] ?? .null }
        shown["host"] = .object(host)
        for name in ["tls_settings", "created_at", "updated_at"] { shown[name] = service[name] }
        return shown
    }

    private static let port = Member.Kind.integer(1...65_535)
    private static let network = Member("network", .object([Member("tunnel_id", .text(.uuid))]))
    private static let resolverNetwork = Member(
        "resolver_network",
        .object([
            Member("tunnel_id", .text(.uuid)),
            Member("resolver_ips", .list(of: .text(.nonempty)), .optional),
        ]),
    )
    private static let ipv4 = Member("ipv4", .text(.nonempty))
    private static let ipv6 = Member("ipv6", .text(.nonempty))
    private static let hostname = Member("hostname", .text(.nonempty))

    private static func members(of own: [Member]) -> [Member] {
        [
            Member("service_id", .text(.uuid)),
            Member("type", .choice(serviceTypes)),
            Member("name", .text(.nonempty), says: "Unique in the account."),
        ] + own + [
            Member(
                "host",
                .either([[ipv4, network], [ipv6, network], [ipv4, ipv6, network], [hostname, resolverNetwork]]),
            ),
            Member(
                "tls_settings",
                .object([Member("cert_verification_mode", .choice(verificationModes))]),
                .optional,
            ),
            Member("created_at", .timestamp(fractionDigits: 0)),
            Member("updated_at", .timestamp(fractionDigits: 0)),
        ]
    }
}
