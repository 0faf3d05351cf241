internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    /// List of Connections.
    static func listSqlv1Connections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (environment, row) = try environment(call)
        let paging = try Paging(call, environment: environment)
        guard let row else { return paging.reply(Page(total: 0), to: call) }
        return paging.reply(try call.page(paging.query(under: row, call.quirks)), to: call)
    }

    /// Create a Connection.
    static func createSqlv1Connection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (environment, _) = try environment(call, toWrite: true)
        let body = try ConnectionBody.reading(call, for: .creation).get()
        let address = call.origin + path(of: body.name, in: environment)
        let connection = try call.write { rows in
            let parent = try parent(environment, rows, call)
            guard try rows.find(connections, environment + [body.name]) == nil else {
                throw Failure.exists(body.name, at: address)
            }
            let uid = try call.freeIdentifier {
                try !rows.rows(of: connections, under: parent, where: [("metadata.uid", $0)]).isEmpty
            }
            let row = try rows.insert(body.connection(uid: uid, at: rows.now), into: connections, under: parent)
            return try rows.document(connections, row) ?? [:]
        }
        return Reply(
            .created,
            headers: [("Location", address)],
            body: Self.body(of: connection, in: environment, call),
        )
    }

    /// Read a Connection.
    static func getSqlv1Connection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (environment, _) = try environment(call)
        let name = call.capture("connection_name").text
        guard
            let row = try call.find(connections, environment[0], environment[1], name),
            let connection = try call.document(connections, row)
        else { throw missing(name, call) }
        return Reply(body: body(of: connection, in: environment, call))
    }

    /// Update a Connection: its secret is replaced.
    static func updateSqlv1Connection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (environment, _) = try environment(call, toWrite: true)
        let name = call.capture("connection_name").text
        let body = ConnectionBody.reading(call, for: .replacement)
        let connection = try call.write { rows in
            guard
                let row = try rows.find(connections, environment + [name]),
                let before = try rows.document(connections, row)
            else { throw missing(name, call) }
            let connection = try body.get().replacing(before, at: rows.now)
            try rows.update(row, in: connections, to: connection)
            return connection
        }
        switch call.quirks[Quirks.replaced] {
        case "empty": return Reply(body: [])
        case "201": return Reply(.created, body: Self.body(of: connection, in: environment, call))
        default: return Reply(body: Self.body(of: connection, in: environment, call))
        }
    }

    /// Delete a Connection.
    static func deleteSqlv1Connection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (environment, _) = try environment(call, toWrite: true)
        let name = call.capture("connection_name").text
        try call.write { rows in
            guard let row = try rows.find(connections, environment + [name]) else { throw missing(name, call) }
            try rows.delete(row, from: connections)
        }
        return Reply(call.quirks.take(Quirks.deleted, "204") ? .noContent : .ok, body: [])
    }
}

extension ConfluentAPI {
    /// The environment that a path names, with its row, if the caller may do there what the call does.
    ///
    /// - Returns: organization and environment; no row where an unknown environment is as good as an empty one.
    static func environment(
        _ call: borrowing Call<Self>,
        toWrite writes: Bool = false,
    ) throws(Failure) -> (path: [String], row: RowID?) {
        let path = [call.capture("organization_id").text, call.capture("environment_id").text]
        let row = try call.find(environments, path[0], path[1])
        if row == nil, let failure = try unknown(path, call) { throw failure }
        try authorize(call, in: path, toWrite: writes)
        return (path, row)
    }

    /// What an unknown environment is answered with; `nil` where it is as good as an empty one.
    private static func unknown(_ path: [String], _ call: borrowing Call<Self>) throws(Failure) -> Failure? {
        switch call.quirks[Quirks.unknownEnvironment] {
        case "empty": return nil
        case "403": return .forbidden(user: user(of: call), resource: path[1])
        default:
            let isKnown = try call.find(organizations, path[0]) != nil
            return isKnown ? .noEnvironment(path[1]) : .noOrganization(path[0])
        }
    }

    /// The row that a new connection stands under; where any environment is there, that is made which is not.
    private static func parent(
        _ path: [String],
        _ rows: borrowing Transaction,
        _ call: borrowing Call<Self>,
    ) throws -> RowID {
        if let row = try rows.find(environments, path) { return row }
        guard call.quirks.take(Quirks.unknownEnvironment, "empty") else { throw Failure.noEnvironment(path[1]) }
        // No other text is an organization.
        guard Member.TextForm.uuid.matches(path[0]) else { throw Failure.noOrganization(path[0]) }
        let above = try rows.find(organizations, [path[0]])
        let organization =
            if let above { above } else {
                try rows.insert(["id": .string(path[0])], into: organizations, under: nil)
            }
        return try rows.insert(["id": .string(path[1])], into: environments, under: organization)
    }

    /// What a connection that is not there is answered with.
    private static func missing(_ name: String, _ call: borrowing Call<Self>) -> Failure {
        let isHidden = call.quirks.take(Quirks.missingConnection, "403")
        return isHidden ? .forbidden(user: user(of: call), resource: name) : .noConnection(name)
    }

    /// The path of a connection.
    private static func path(of name: String, in environment: [String]) -> String {
        collectionPath(organization: environment[0], environment: environment[1]) + "/" + URLText.encoded(name)
    }
}
