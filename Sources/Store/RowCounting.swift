public import PatchbayJSON

/// Where rows can be counted: the store, or a change of it that nobody else sees yet.
public protocol RowCounting {
    /// The keys of the rows of a collection, each from the root down, with the number of children in another one.
    func counts(
        of children: Collection,
        in parents: Collection,
        below root: String?,
    ) throws -> [(keys: [String], count: Int64)]

    /// The keys of the rows of a collection, each from the root down, with the row's document.
    func documents(
        in collection: Collection,
        below root: String?,
    ) throws -> [(keys: [String], document: JSON.Object)]
}

extension Store: RowCounting {}

extension Reader: RowCounting {}
