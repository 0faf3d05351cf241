package import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

extension CloudflareAPI {
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        let numbers = rows == 0 ? [0] : [rows, 0]
        let samples = numbers.map { number in
            Sample(
                ["id": .string(Sample.digits(number, 32))],
                [
                    ("services", .plain(count: number, make: service)),
                    ("tunnels", .plain(count: min(number, 1)) { _ in ["id": .string(tunnelID), "name": "tunnel-0"] }),
                ],
            )
        }
        return ("accounts", samples)
    }

    /// The tunnel of the document's example, which leads to all hosts.
    private static let tunnelID = "0191dce4-9ab4-7fce-b660-8e5dec5172da"

    /// Types by turns, and within each every kind of host; three services at a time are created in the same second.
    private static func service(_ number: Int) -> JSON.Object {
        let created = Timestamp(seconds: 1_700_000_000 + Int64(number / 3) * 60)
        var service: JSON.Object = [
            "service_id": .string(Sample.uuid("8000", number)),
            "type": number % 2 == 0 ? "http" : "tcp",
            "name": .string("service-\(number)"),
        ]
        if number % 2 == 0 {
            if number % 3 != 0 { service["http_port"] = .number(JSON.Number(8_000 + number % 1_000)) }
            if number % 3 != 1 { service["https_port"] = .number(JSON.Number(9_000 + number % 1_000)) }
        } else {
            service["tcp_port"] = number % 4 == 1 ? 5432 : 3306
            service["app_protocol"] = number % 4 == 1 ? "postgresql" : "mysql"
        }
        service["host"] = host(number / 2)
        let modes = ["verify_full", "verify_ca", "disabled"]
        // Eight services at a time, so that each type has each kind of host with each mode and with none.
        let mode = number / 8 % (modes.count + 1)
        if mode < modes.count { service["tls_settings"] = ["cert_verification_mode": .string(modes[mode])] }
        service["created_at"] = .string(created.text(fractionDigits: 0))
        service["updated_at"] = .string(Timestamp(seconds: created.seconds + Int64(number % 7)).text(fractionDigits: 0))
        return service
    }

    private static func host(_ number: Int) -> JSON {
        let tunnel: JSON = ["tunnel_id": .string(tunnelID)]
        let ipv4 = JSON.string("10.\(number / 65_536 % 256).\(number / 256 % 256).\(number % 256)")
        let ipv6 = JSON.string("fd00::\(String(number, radix: 16))")
        switch number % 4 {
        case 0: return ["ipv4": ipv4, "network": tunnel]
        case 1: return ["ipv6": ipv6, "network": tunnel]
        case 2: return ["ipv4": ipv4, "ipv6": ipv6, "network": tunnel]
        default:
            var resolver: JSON.Object = ["tunnel_id": .string(tunnelID)]
            if number % 8 == 3 { resolver["resolver_ips"] = ["10.0.0.1", "10.0.0.2"] }
            return ["hostname": .string("host-\(number).example.com"), "resolver_network": .object(resolver)]
        }
    }
}
