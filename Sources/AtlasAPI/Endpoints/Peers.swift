internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Network peering connections (contract section 4).
extension AtlasAPI {
    /// One provider's peers: the word in the query in any case, the results' spelling in the store (contract 8.2).
    static let provider = Parameter<String>.following { quirks in
        let isExact = quirks.take(Quirks.providerCase, "exact")
        let words = isExact ? providers + ["Azure"] : providers
        return .choice(
            "providerName",
            default: "AWS",
            named: "AWS",
            words.map { ($0, $0.uppercased()) },
            ignoringCase: !isExact,
        )
    }
    .means(.provider)

    /// Get All Network Peering Connections in A Project.
    static func listPeeringConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .read)
        let paging = try Paging(call)
        let provider = try call.query(provider)
        var query = Query(peers, under: group.row, limit: 0)
        query.filters = [("providerName", .text(provider))]
        query.view = showsProvider(group.edition, call.quirks) ? nil : version1View
        if call.quirks.take(Quirks.unset, "absent") { query.reshape = set }
        return paging.reply(try call.page(paging.window(query)), to: call, group.edition)
    }

    /// Get One Network Peering Connection: of any provider.
    static func getPeeringConnection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .read)
        let id = try peerID(call)
        guard let row = try call.find(peers, group.id, id), let peer = try call.document(peers, row) else {
            throw noPeer(id, in: group, call.quirks)
        }
        return Presentation.reply(.ok, shown(peer, group.edition, call.quirks), to: call, group.edition)
    }

    /// Create One New Network Peering Connection.
    static func createPeeringConnection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .write)
        let attributes = try Attributes(call, group.edition)
        let provider = try attributes.provider ?? "AWS"
        let settable = PeerAttributes.settable(of: provider, call.quirks)
        var peer = try attributes.checked(against: settable, ignoring: PeerAttributes.ignored)
        try PeerAttributes.check(peer)
        readContainer(of: &peer, call.quirks)
        peer["providerName"] = .string(provider)
        for (name, value) in PeerAttributes.beginning(of: provider) { peer[name] = value }
        let created = try call.write { rows in
            try place(&peer, insteadOf: nil, in: group, rows, call.quirks)
            return try group.insert(peer, into: peers, rows, call)
        }
        let body = shown(created, group.edition, call.quirks)
        return Presentation.reply(creationStatus(call.quirks), body, to: call, group.edition)
    }

    /// Update One Network Peering Connection: AWS only.
    static func updatePeeringConnection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .write)
        let id = try peerID(call)
        let attributes = try Attributes(call, group.edition)
        let updated = try call.write { rows in
            guard let row = try rows.find(peers, [group.id, id]), var peer = try rows.document(peers, row) else {
                throw noPeer(id, in: group, call.quirks)
            }
            let restarts = try change(&peer, attributes, group, rows, call.quirks)
            try rows.update(row, in: peers, to: peer, entersState: restarts)
            return try rows.document(peers, row) ?? peer
        }
        return Presentation.reply(.ok, shown(updated, group.edition, call.quirks), to: call, group.edition)
    }

    /// Delete One Network Peering Connection, which takes its time.
    static func deletePeeringConnection(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .write)
        let id = try peerID(call)
        try call.write { rows in
            guard let row = try rows.find(peers, [group.id, id]) else { throw noPeer(id, in: group, call.quirks) }
            do {
                try rows.trigger("delete", of: row, in: peers)
            } catch is NoSuchStep {
                throw Failure.alreadyLeaving(id)
            }
        }
        return Presentation.reply(.accepted, [:], to: call, group.edition)
    }
}

/// The rules of peers that depend on what else there is.
extension AtlasAPI {
    /// Changes a peer by what a request says.
    ///
    /// - Returns: whether the connection is set up anew.
    /// - Throws: Atlas's error, or what the store throws.
    private static func change(
        _ peer: inout JSON.Object,
        _ attributes: Attributes,
        _ group: Group,
        _ rows: borrowing Transaction,
        _ quirks: Readings,
    ) throws -> Bool {
        let provider = peer["providerName"]?.stringValue ?? ""
        if let name = PeerAttributes.unchangeable(of: provider) { throw Failure.invalidAttribute(name) }
        guard try attributes.provider ?? provider == provider else { throw Failure.readOnly("providerName") }
        let settable = PeerAttributes.settable(of: provider, quirks)
        let changes = try attributes.checked(against: settable, ignoring: PeerAttributes.ignored, isWhole: false)
        try PeerAttributes.check(changes)
        let id = peer["id"]?.stringValue ?? ""
        guard peer["statusName"] != "TERMINATING" else { throw Failure.invalidState(id, in: group.id) }
        let before = peer
        // What is kept as null is the region of the container, whichever that is then.
        if peer["accepterRegionName"]?.isNull == true,
            let container = try container(of: peer, in: group, rows),
            let region = container["regionName"]?.stringValue
        {
            peer["accepterRegionName"] = .string(awsSpelling(region))
        }
        for (name, value) in changes { peer[name] = value }
        readContainer(of: &peer, quirks)
        let isMoved = peer["containerId"] != before["containerId"]
        let restarts = isMoved || changes["awsAccountId"] != nil && changes["vpcId"] != nil
        let beginning: JSON.Object = ["statusName": "INITIATING", "connectionId": nil, "errorStateName": nil]
        if restarts { for (name, value) in beginning { peer[name] = value } }
        try place(&peer, insteadOf: before, in: group, rows, quirks)
        return restarts
    }

    /// Refuses a peer that the group has no place for; an accepter region that is the container's becomes null.
    ///
    /// What a change leaves as it was is not refused: seeds may hold what no request can bring about.
    private static func place(
        _ peer: inout JSON.Object,
        insteadOf before: JSON.Object?,
        in group: Group,
        _ rows: borrowing Transaction,
        _ quirks: Readings,
    ) throws {
        let containerID = peer["containerId"]?.stringValue ?? ""
        guard ObjectID.form.matches(containerID) || quirks.take(Quirks.malformedContainer, "404") else {
            throw Failure.unexpected
        }
        guard let container = try container(of: peer, in: group, rows) else {
            throw Failure.containerNotFound(containerID)
        }
        let parent = try group.row(in: rows)
        let (names, alreadyExists) = PeerAttributes.identity(of: peer)
        if names.contains(where: { before?[$0] != peer[$0] }) {
            let values = names.map { peer[$0]?.stringValue ?? "" }
            let same = try rows.rows(of: peers, under: parent, where: Array(zip(names, values)))
            guard same.allSatisfy({ $0.document["id"] == peer["id"] }) else {
                throw alreadyExists(values[0], values[1])
            }
        }
        let isRoutedAsBefore = before.map { old in
            ["containerId", "routeTableCidrBlock"].allSatisfy { old[$0] == peer[$0] } && isRouted(old) == isRouted(peer)
        }
        if isRoutedAsBefore != true {
            let neighbours = try rows.rows(of: peers, under: parent, where: [("containerId", containerID)])
            try refuseOverlap(of: peer, in: container, neighbours.map(\.document))
        }
        let region = container["regionName"]?.stringValue.map(awsSpelling)
        if let region, peer["accepterRegionName"]?.stringValue == region { peer["accepterRegionName"] = .null }
    }

    /// Refuses a peer of AWS whose addresses are those of its container, or of another peer of that.
    private static func refuseOverlap(
        of peer: JSON.Object,
        in container: JSON.Object,
        _ neighbours: [JSON.Object],
    ) throws(Failure) {
        guard let text = peer["routeTableCidrBlock"]?.stringValue, let block = CIDRBlock(text) else { return }
        if let own = container["atlasCidrBlock"]?.stringValue.flatMap({ CIDRBlock($0) }), own.overlaps(block) {
            throw .overlappingAtlas(text)
        }
        let routed = neighbours.filter { $0["id"] != peer["id"] && isRouted($0) }
        let blocks = routed.compactMap { $0["routeTableCidrBlock"]?.stringValue.flatMap { CIDRBlock($0) } }
        if blocks.contains(where: block.overlaps) { throw .overlapping(text) }
    }

    /// Whether a peer of AWS has its addresses to itself.
    private static func isRouted(_ peer: JSON.Object) -> Bool {
        !["FAILED", "TERMINATING"].contains(peer["statusName"])
    }

    /// The container that a peer stands in, which is one of its provider.
    private static func container(
        of peer: JSON.Object,
        in group: Group,
        _ rows: borrowing Transaction,
    ) throws -> JSON.Object? {
        let id = peer["containerId"]?.stringValue ?? ""
        guard let row = try rows.find(containers, [group.id, id]), let container = try rows.document(containers, row)
        else {
            return nil
        }
        return container["providerName"] == peer["providerName"] ? container : nil
    }
}

/// How peers are named and shown.
extension AtlasAPI {
    /// The peer of a path, whose identifier has the right form (contract section 8.4).
    private static func peerID(_ call: borrowing Call<Self>) throws(Failure) -> String {
        let written = call.capture("peer_id").text
        let id = ObjectID.read(written, call.quirks)
        guard ObjectID.form.matches(id) else {
            throw call.quirks.take(Quirks.malformedPeer, "INVALID_PEER_ID")
                ? .invalidPeer(written) : .malformedPath(call.request.target.path)
        }
        return id
    }

    /// Reads the container that a body names as an identifier in a path is read (contract section 8.22).
    private static func readContainer(of peer: inout JSON.Object, _ quirks: Readings) {
        guard let written = peer["containerId"]?.stringValue else { return }
        peer["containerId"] = .string(ObjectID.read(written, quirks))
    }

    private static func noPeer(_ id: String, in group: Group, _ quirks: Readings) -> Failure {
        .peerNotFound(id, in: group.id, called: quirks[Quirks.peerNotFound])
    }

    /// The status of creations (contract section 8.9).
    static func creationStatus(_ quirks: Readings) -> Status {
        quirks.take(Quirks.creationStatus, "201") ? .created : .ok
    }

    /// Whether peers say which provider they are of (contract section 8.3).
    private static func showsProvider(_ edition: Edition, _ quirks: Readings) -> Bool {
        edition == .version2 || quirks.take(Quirks.providerInResults, "present")
    }

    /// A peer as an edition shows it.
    private static func shown(_ peer: JSON.Object, _ edition: Edition, _ quirks: Readings) -> JSON.Object {
        let isComplete = showsProvider(edition, quirks)
        let peer = JSON.Object(members: peer.filter { isComplete || $0.name != "providerName" })
        return quirks.take(Quirks.unset, "absent") ? set(peer) : peer
    }

    /// Only the members that have a value.
    private static func set(_ document: JSON.Object) -> JSON.Object {
        JSON.Object(members: document.filter { !$0.value.isNull })
    }
}
