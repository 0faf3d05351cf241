internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Network containers, in which peers stand (contract section 4.2).
extension AtlasAPI {
    /// Get All Network Containers of One Provider.
    static func listContainers(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .read)
        let paging = try Paging(call)
        var query = Query(containers, under: group.row, limit: 0)
        query.filters = [("providerName", .text(try call.query(provider)))]
        return paging.reply(try call.page(paging.window(query)), to: call, group.edition)
    }

    /// Get All Network Containers, of all providers.
    static func listAllContainers(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .read)
        let paging = try Paging(call)
        let query = Query(containers, under: group.row, limit: 0)
        return paging.reply(try call.page(paging.window(query)), to: call, group.edition)
    }

    /// Get One Network Container: of any provider.
    static func getContainer(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .read)
        let id = try containerID(call)
        guard let row = try call.find(containers, group.id, id), let container = try call.document(containers, row)
        else {
            throw .containerNotFound(id)
        }
        return Presentation.reply(.ok, container, to: call, group.edition)
    }

    /// Create One Network Container: one in a region of AWS or AZURE, one in a group of GCP.
    static func createContainer(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .write)
        let attributes = try Attributes(call, group.edition)
        let provider = try attributes.provider ?? "AWS"
        let settable = ContainerAttributes.settable(of: provider)
        var container = try attributes.checked(against: settable, ignoring: ContainerAttributes.ignored)
        container["providerName"] = .string(provider)
        for (name, value) in ContainerAttributes.beginning(of: provider) { container[name] = value }
        try ContainerAttributes.check(container, of: provider)
        let region = ContainerAttributes.region(of: provider)
        let created = try call.write { rows in
            let others = try rows.rows(
                of: containers,
                under: group.row(in: rows),
                where: [("providerName", provider)]
            )
            guard !others.contains(where: { other in region.map { other.document[$0] == container[$0] } ?? true })
            else {
                throw Failure.containerExists(in: group.id)
            }
            return try group.insert(container, into: containers, rows, call)
        }
        return Presentation.reply(creationStatus(call.quirks), created, to: call, group.edition)
    }

    /// Update One Network Container, as long as it is not in use.
    static func updateContainer(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .write)
        let id = try containerID(call)
        let attributes = try Attributes(call, group.edition)
        let updated = try call.write { rows in
            guard let row = try rows.find(containers, [group.id, id]),
                var container = try rows.document(containers, row)
            else {
                throw Failure.containerNotFound(id)
            }
            try change(&container, attributes)
            try refuseUse(of: container, in: group, rows)
            try rows.update(row, in: containers, to: container)
            return try rows.document(containers, row) ?? container
        }
        return Presentation.reply(.ok, updated, to: call, group.edition)
    }

    /// Delete One Network Container, as long as it is not in use.
    static func deleteContainer(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .write)
        let id = try containerID(call)
        try call.write { rows in
            guard let row = try rows.find(containers, [group.id, id]),
                let container = try rows.document(containers, row)
            else {
                throw Failure.containerNotFound(id)
            }
            try refuseUse(of: container, in: group, rows)
            try rows.delete(row, from: containers)
        }
        if call.quirks.take(Quirks.containerDeletion, "202") {
            return Presentation.reply(.accepted, [:], to: call, group.edition)
        }
        return group.edition.emptyReply(.noContent)
    }
}

/// The rules of containers.
extension AtlasAPI {
    /// Changes a container by what a request says; it stays where it is.
    private static func change(_ container: inout JSON.Object, _ attributes: Attributes) throws(Failure) {
        let provider = container["providerName"]?.stringValue ?? ""
        guard try attributes.provider ?? provider == provider else { throw .readOnly("providerName") }
        let changes = try attributes.checked(
            against: ContainerAttributes.settable(of: provider),
            ignoring: ContainerAttributes.ignored,
            isWhole: false,
        )
        let changed = JSON.Object(members: changes.reduce(into: container) { $0[$1.name] = $1.value })
        try ContainerAttributes.check(changed, of: provider)
        if let region = ContainerAttributes.region(of: provider), changed[region] != container[region] {
            throw .changedRegion
        }
        container = changed
    }

    /// Refuses what would change a network that exists, or that a peer waits for.
    private static func refuseUse(
        of container: JSON.Object,
        in group: Group,
        _ rows: borrowing Transaction,
    ) throws {
        let peers = try rows.rows(
            of: peers,
            under: group.row(in: rows),
            where: [("containerId", container["id"]?.stringValue ?? "")]
        )
        guard container["provisioned"] == false, peers.isEmpty else { throw Failure.containersInUse }
    }

    /// The container of a path, whose identifier has the right form (contract section 8.4).
    private static func containerID(_ call: borrowing Call<Self>) throws(Failure) -> String {
        let id = ObjectID.read(call.capture("container_id").text, call.quirks)
        guard ObjectID.form.matches(id) else { throw .malformedPath(call.request.target.path) }
        return id
    }
}
