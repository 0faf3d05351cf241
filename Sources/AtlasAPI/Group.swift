internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The project that a request is about, once everything that comes before its own work was checked.
struct Group: Sendable {
    /// The edition that was asked.
    let edition: Edition
    /// The project's identifier.
    let id: String
    /// Its row.
    let row: RowID
    /// What is kept of it.
    let document: JSON.Object

    /// Reads the group of a path: its identifier's form is checked before it is looked up, and the role after that.
    ///
    /// - Throws: Atlas's error for a version, a group or a role that there is not.
    init(_ call: borrowing Call<AtlasAPI>, to action: AtlasAPI.Action) throws(AtlasAPI.Failure) {
        edition = try Edition(call)
        let written = call.capture("group_id").text
        id = ObjectID.read(written, call.quirks)
        guard ObjectID.form.matches(id) else { throw .malformedGroup(written) }
        guard let row = try call.find(AtlasAPI.groups, id), let document = try call.document(AtlasAPI.groups, row)
        else {
            throw .groupNotFound(written)
        }
        self.row = row
        self.document = document
        try Self.check(document, written)
        try AtlasAPI.authorize(call, to: action, in: id, document)
        guard document["state"]?.stringValue != "SUSPENDED" else { throw .suspended }
    }

    private static func check(_ document: JSON.Object, _ written: String) throws(AtlasAPI.Failure) {
        switch document["state"]?.stringValue {
        case "CLOUD_MANAGER": throw .notAtlasGroup(written)
        case "INVALID": throw .invalidAtlasGroup(written)
        default: break
        }
    }

    /// The group's row within a transaction.
    ///
    /// - Throws: Atlas's error when the group is gone by now.
    func row(in rows: borrowing Transaction) throws -> RowID {
        guard let row = try rows.find(AtlasAPI.groups, [id]) else { throw AtlasAPI.Failure.groupNotFound(id) }
        return row
    }

    /// Keeps a new resource under an identifier that no other one of its kind has.
    ///
    /// - Returns: its document.
    /// - Throws: what the store throws.
    func insert(
        _ document: JSON.Object,
        into collection: Collection,
        _ rows: borrowing Transaction,
        _ call: borrowing Call<AtlasAPI>,
    ) throws -> JSON.Object {
        var id: String
        repeat { id = ObjectID.next(call, in: self.id) } while try rows.find(collection, [self.id, id]) != nil
        var document = document
        document["id"] = .string(id)
        let row = try rows.insert(document, into: collection, under: try self.row(in: rows))
        return try rows.document(collection, row) ?? document
    }
}
