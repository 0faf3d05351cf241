package import PatchbayJSON

/// A row as the bytes that are stored: its document, and each of its collection's views of it.
package struct WrittenRow: Sendable {
    let document: [UInt8]
    let views: [[UInt8]]

    /// Writes a document that has been checked.
    ///
    /// - Parameters:
    ///   - document: the stored form.
    ///   - collection: where the row belongs.
    ///   - path: the keys of the rows above it, the root's first.
    package init(_ document: JSON.Object, of collection: Collection, below path: [String]) {
        self.document = JSON.object(document).compact()
        views = collection.views.map { $0.shown(document, below: path) }
    }
}
