internal import PatchbayJSON
internal import PatchbayStore

/// How peers live (contract section 6), and what their containers have of it.
extension AtlasAPI {
    /// The steps of each cloud provider's peers.
    static let peerLifecycles = [
        Lifecycle(
            "statusName",
            of: "AWS",
            [
                .init("request", from: ["INITIATING"], to: "PENDING_ACCEPTANCE", after: 60) { peer, _ in
                    peer["connectionId"] = .string("pcx-" + (peer["id"]?.stringValue ?? "").suffix(17))
                },
                .init("accept", from: ["PENDING_ACCEPTANCE"], to: "FINALIZING"),
                .init("reject", from: ["PENDING_ACCEPTANCE"], to: "FAILED") { peer, _ in
                    peer["errorStateName"] = "REJECTED"
                },
                // The seven days that AWS keeps a request.
                .init("expire", from: ["PENDING_ACCEPTANCE"], to: "FAILED", after: 604_800, isDeadline: true) {
                    peer,
                    _ in
                    peer["errorStateName"] = "EXPIRED"
                },
                .init("finalize", from: ["FINALIZING"], to: "AVAILABLE", after: 60),
                .init("fail", from: ["INITIATING", "PENDING_ACCEPTANCE", "FINALIZING", "AVAILABLE"], to: "FAILED") {
                    peer,
                    _ in
                    peer["errorStateName"] = "INVALID_ARGUMENT"
                },
                .init("delete", from: awsStates.filter { $0 != "TERMINATING" }, to: "TERMINATING"),
                .init("remove", from: ["TERMINATING"], to: nil, after: 120),
            ],
        ),
        Lifecycle(
            "status",
            of: "AZURE",
            [
                .init("connect", from: ["ADDING_PEER"], to: "AVAILABLE", after: 120),
                .init("fail", from: ["ADDING_PEER", "AVAILABLE"], to: "FAILED") { peer, _ in
                    peer["errorState"] = "The address space overlaps with that of another peer."
                },
                .init("delete", from: azureStates.filter { $0 != "DELETING" }, to: "DELETING"),
                .init("remove", from: ["DELETING"], to: nil, after: 120),
                .init("failDeletion", from: ["DELETING"], to: "DELETION_FAILED") { peer, _ in
                    peer["errorState"] = "The peering could not be deleted."
                },
            ],
        ),
        Lifecycle(
            "status",
            of: "GCP",
            [
                .init("prepare", from: ["ADDING_PEER"], to: "WAITING_FOR_USER", after: 120),
                .init("accept", from: ["WAITING_FOR_USER"], to: "AVAILABLE"),
                .init("fail", from: ["ADDING_PEER", "WAITING_FOR_USER", "AVAILABLE"], to: "FAILED") { peer, _ in
                    peer["errorMessage"] = "The network was not found."
                },
                .init("delete", from: gcpStates.filter { $0 != "DELETING" }, to: "DELETING"),
                .init("remove", from: ["DELETING"], to: nil, after: 120),
            ],
        ),
    ]

    /// The states of a peer in which the network of its container exists at the provider.
    private static let connectedStates = ["PENDING_ACCEPTANCE", "WAITING_FOR_USER", "AVAILABLE"]

    /// Makes the containers of a peer follow it: there is a network as soon as a peer needs one, and for as long as there
    /// are peers, the only users of a container here.
    static func provision(_ rows: borrowing Transaction, _ change: Change) throws {
        guard let group = change.path.first else { return }
        let (left, joined) = (change.before?["containerId"]?.stringValue, change.after?["containerId"]?.stringValue)
        let state = (change.after?["statusName"] ?? change.after?["status"])?.stringValue ?? ""
        if let joined, connectedStates.contains(state) { try provision(true, joined, in: group, rows) }
        if let left, left != joined {
            let remaining = try rows.rows(of: peers, under: rows.find(groups, [group]), where: [("containerId", left)])
            if remaining.isEmpty { try provision(false, left, in: group, rows) }
        }
    }

    /// Gives a container its network, or takes it away.
    private static func provision(
        _ isProvisioned: Bool,
        _ id: String,
        in group: String,
        _ rows: borrowing Transaction,
    ) throws {
        guard let row = try rows.find(containers, [group, id]), var container = try rows.document(containers, row),
            container["provisioned"]?.boolValue != isProvisioned
        else { return }
        container["provisioned"] = .bool(isProvisioned)
        for (name, value) in networkMembers(of: container["providerName"]?.stringValue ?? "", id) {
            container[name] = isProvisioned ? value : .null
        }
        try rows.update(row, in: containers, to: container)
    }

    /// What the provider calls the network of a container.
    private static func networkMembers(of provider: String, _ id: String) -> [(name: String, value: JSON)] {
        let suffix = letters(id.suffix(8))
        return switch provider {
        case "AWS": [("vpcId", .string("vpc-" + id.suffix(17)))]
        case "AZURE": [("vnetName", .string("vnet_\(id)_\(suffix)"))]
        default:
            [("gcpProjectId", .string("p-" + letters(id[...]))), ("networkName", .string("nt-\(id)-\(suffix)"))]
        }
    }

    /// Letters in place of hexadecimal digits, as in the names that the vendor makes up.
    private static func letters(_ digits: Substring) -> String {
        String(decoding: digits.utf8.map { UInt8(ascii: "a") + ($0 &* 7 % 26) }, as: UTF8.self)
    }
}
