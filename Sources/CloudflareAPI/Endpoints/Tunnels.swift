internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Tunnels, as far as services need them: nothing ever connects through one (contract section 4.3).
extension CloudflareAPI {
    /// List Cloudflare Tunnels, the oldest first.
    static func listTunnels(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call)
        let paging = try DirectoryPaging(call)
        let name = try call.query(DirectoryPaging.name)
        let wantsDeleted = try call.query(DirectoryPaging.isDeleted) == "true"
        // A tunnel that was deleted is gone.
        guard let row = account.row, !wantsDeleted else { return paging.tunnels(Page(total: 0)) }
        var query = paging.query(tunnels, under: row)
        if let name { query.filters = [("name", .text(name))] }
        query.reshape = { shown($0, of: account.id) }
        return paging.tunnels(try call.page(query))
    }

    /// Create a Cloudflare Tunnel.
    static func createTunnel(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call, mayWrite: true).id
        let body = try RequestBody(call, kind: "Tunnel")
        var members = try body.object(tunnelBody)
        let name = members["name"]?.stringValue ?? ""
        guard !name.isEmpty, !name.utf8.contains(0) else { throw .invalid("Tunnel name is empty or not a text") }
        let secret =
            members["tunnel_secret"]?.stringValue ?? Base64.encode(Array(call.freshIdentifier().hexadecimal.utf8))
        members["tunnel_secret"] = .string(secret)
        members["created_at"] = .string(call.now.text(fractionDigits: 6))
        let tunnel = try call.write { rows in
            let row = try accountRow(account, rows)
            guard try rows.rows(of: tunnels, under: row, where: [("name", name)]).isEmpty else {
                throw Failure.tunnelNameTaken
            }
            let id = try call.freeIdentifier { try rows.find(tunnels, [account, $0]) != nil }
            members["id"] = .string(id)
            try rows.insert(members, into: tunnels, under: row)
            return try tunnels.checked(members)
        }
        let id = tunnel["id"] ?? .null
        var answer = shown(tunnel, of: account)
        answer["credentials_file"] = [
            "AccountTag": .string(account), "TunnelID": id, "TunnelName": .string(name),
            "TunnelSecret": .string(secret),
        ]
        let token: JSON = ["a": .string(account), "t": id, "s": .string(secret)]
        answer["token"] = .string(Base64.encode(token.compact()))
        return Envelope.gateway(.object(answer))
    }

    /// Get a Cloudflare Tunnel.
    static func getTunnel(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call).id
        guard
            let row = try call.find(tunnels, account, call.capture("tunnel_id").text.lowercased()),
            let tunnel = try call.document(tunnels, row)
        else { throw .noSuchTunnel }
        return Envelope.gateway(.object(shown(tunnel, of: account)))
    }

    /// Delete a Cloudflare Tunnel; services that name it stay as they are (contract section 6).
    static func deleteTunnel(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call, mayWrite: true).id
        let id = call.capture("tunnel_id").text.lowercased()
        let tunnel = try call.write { rows in
            guard let row = try rows.find(tunnels, [account, id]), let tunnel = try rows.document(tunnels, row) else {
                throw Failure.noSuchTunnel
            }
            try rows.delete(row, from: tunnels)
            return tunnel
        }
        var answer = shown(tunnel, of: account)
        answer["deleted_at"] = .string(call.now.text(fractionDigits: 6))
        return Envelope.gateway(.object(answer))
    }

    /// Whether a service may name a tunnel.
    ///
    /// - Parameters:
    ///   - id: the tunnel's identifier in lower case.
    ///   - account: the service's account.
    ///   - rows: where tunnels are.
    ///   - quirks: the readings in force.
    /// - Returns: whether there is such a tunnel, or could be.
    /// - Throws: `SQLiteError`.
    static func isTunnel(
        _ id: String,
        under account: RowID,
        _ rows: borrowing Transaction,
        _ quirks: Readings,
    ) throws -> Bool {
        guard quirks.take(Quirks.tunnels, "any") else {
            return try !rows.rows(of: tunnels, under: account, where: [("id", id)]).isEmpty
        }
        return Member.TextForm.uuid.matches(id) && !noTunnels.contains(id)
    }

    /// Identifiers that tests take for tunnels that there are not.
    private static let noTunnels = ["00000000-0000-0000-0000-000000000000", "00000000-0000-4000-8000-000000000000"]

    private static let tunnelBody: RequestBody.Shape = [
        .init(name: "name", form: .text, isRequired: true),
        .init(name: "tunnel_secret", form: .text),
        .init(name: "config_src", form: .words(tunnelSources)),
    ]

    /// A tunnel that has never been connected, in the order of the live service.
    private static func shown(_ tunnel: JSON.Object, of account: String) -> JSON.Object {
        [
            "id": tunnel["id"] ?? .null, "account_tag": .string(account), "created_at": tunnel["created_at"] ?? .null,
            "deleted_at": nil, "name": tunnel["name"] ?? .null, "connections": [], "conns_active_at": nil,
            "conns_inactive_at": tunnel["created_at"] ?? .null, "tun_type": "cfd_tunnel", "metadata": [:],
            "status": "inactive", "remote_config": .bool(tunnel["config_src"] == "cloudflare"),
            "config_src": tunnel["config_src"] ?? .null,
        ]
    }
}
