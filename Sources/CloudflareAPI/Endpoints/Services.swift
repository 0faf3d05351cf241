internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension CloudflareAPI {
    /// List Workers VPC connectivity services.
    ///
    /// An account that no seed names has an empty directory (contract section 8.25).
    static func connectivityServicesList(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call)
        let paging = try Paging(call)
        guard let row = account.row else { return paging.reply(Page(total: 0), unfiltered: nil, call.quirks) }
        let page = try call.page(paging.query(under: row, call.quirks))
        var unfiltered: Int64?
        if call.quirks.take(Quirks.counts, "words") {
            unfiltered = try call.page(Query(services, under: row, limit: 0)).total
        }
        return paging.reply(page, unfiltered: unfiltered, call.quirks)
    }

    /// Create a Workers VPC connectivity service.
    static func connectivityServicesPost(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call, mayWrite: true).id
        let body = try ServiceBody(call)
        let document = try call.write { rows in
            let account = try accountRow(account, rows)
            try check(body, under: account, rows, call.quirks)
            guard try !rows.has(1_000, of: services, under: account) else {
                throw Failure.invalid("an account has at most 1000 services")
            }
            let id = try freshServiceID(call, rows)
            let document = body.document(id, created: nil, updated: call.now)
            try rows.insert(document, into: services, under: account)
            return try services.checked(document)
        }
        let status: Status = call.quirks.take(Quirks.createStatus, "201") ? .created : .ok
        return shown(document, status, call.quirks)
    }

    /// Get a Workers VPC connectivity service.
    static func connectivityServicesGet(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call).id
        guard
            let row = try call.find(services, account, call.capture("service_id").text.lowercased()),
            let document = try call.document(services, row)
        else { throw noSuchService(call) }
        return shown(document, .ok, call.quirks)
    }

    /// Replace a Workers VPC connectivity service: what is left out becomes unset.
    static func connectivityServicesPut(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call, mayWrite: true).id
        let body = try ServiceBody(call)
        let id = call.capture("service_id").text.lowercased()
        let document = try call.write { rows in
            guard
                let parent = try rows.find(accounts, [account]), let row = try rows.find(services, [account, id]),
                let before = try rows.document(services, row)
            else { throw noSuchService(call) }
            try check(body, of: id, under: parent, rows, call.quirks)
            let document = body.document(id, created: before["created_at"], updated: call.now)
            try rows.update(row, in: services, to: document)
            return try services.checked(document)
        }
        return shown(document, .ok, call.quirks)
    }

    /// Delete a Workers VPC connectivity service.
    static func connectivityServicesDelete(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try allowedAccount(call, mayWrite: true).id
        let id = call.capture("service_id").text.lowercased()
        try call.write { rows in
            guard let row = try rows.find(services, [account, id]) else { throw noSuchService(call) }
            try rows.delete(row, from: services)
        }
        if call.quirks.take(Quirks.deleteBody, "none") { return Reply(body: []) }
        if call.quirks.take(Quirks.deleteBody, "204") { return Reply(.noContent, body: []) }
        return Envelope.product(.null, .ok, call.quirks)
    }

    private static func noSuchService(_ call: borrowing Call<Self>) -> Failure {
        .noSuchService(call.capture("service_id").text)
    }

    private static func shown(_ document: JSON.Object, _ status: Status, _ quirks: Readings) -> Reply {
        Envelope.product(.object(reshape(quirks)?(document) ?? document), status, quirks)
    }

    /// What depends on other rows: the tunnel, and that no other service has the name (contract section 4.2, checks 6 and 7).
    private static func check(
        _ body: ServiceBody,
        of id: String? = nil,
        under account: RowID,
        _ rows: borrowing Transaction,
        _ quirks: Readings,
    ) throws {
        guard try isTunnel(body.tunnel, under: account, rows, quirks) else {
            throw Failure.invalid("Tunnel ID Not Found")
        }
        let namesakes = try rows.rows(of: services, under: account, where: [("name", body.name)])
        guard namesakes.allSatisfy({ $0.document["service_id"]?.stringValue == id }) else {
            throw Failure.invalid("Service name '\(body.name)' already exists")
        }
    }

    /// An identifier that no service of the account has, rising with the time and from one to the next.
    private static func freshServiceID(_ call: borrowing Call<Self>, _ rows: borrowing Transaction) throws -> String {
        let isTimed = call.quirks.take(Quirks.serviceID, "7")
        let account = call.capture("account_id").text
        return try call.freeIdentifier {
            isTimed ? $0.uuid7(at: call.now, number: call.nextNumber()) : $0.uuid
        } isTaken: {
            try rows.find(services, [account, $0]) != nil
        }
    }
}
