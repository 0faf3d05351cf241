public import PatchbayJSON

/// How rows change their state: on request, or by themselves when the service's clock says so.
///
/// Rows that seeds bring stay in the state they were given until something is done to them.
public struct Lifecycle: Sendable {
    /// A way from some states to another.
    public struct Step: Sendable {
        /// What happens, as a test can name it to make it happen.
        public var event: String
        /// The states that it can happen in.
        public var from: [String]
        /// The state that it leads to; the row goes away when `nil`.
        public var to: String?
        /// How many seconds the service takes for it; it waits for somebody else when `nil`.
        public var delay: Int64?
        /// Whether it is a deadline, which takes its time at the pace `immediate` too.
        public var isDeadline: Bool
        /// What changes besides the state, and when that was.
        let change: @Sendable (inout JSON.Object, Timestamp) -> Void

        /// Declares a step.
        public init(
            _ event: String,
            from: [String],
            to: String?,
            after delay: Int64? = nil,
            isDeadline: Bool = false,
            change: @escaping @Sendable (inout JSON.Object, Timestamp) -> Void = { _, _ in },
        ) {
            self.event = event
            self.from = from
            self.to = to
            self.delay = delay
            self.isDeadline = isDeadline
            self.change = change
        }
    }

    /// How fast the steps come that wait for nobody.
    public enum Pace: String, Sendable, CaseIterable {
        /// Before the next request; deadlines as the service has them.
        case immediate
        /// As the service takes.
        case realistic
        /// When a test says so.
        case manual
    }

    /// The value of the collection's deciding member whose rows live like this; all rows when `nil`.
    public var variant: String?
    /// The member that holds the state, as a path (`status.phase`).
    public var state: String
    /// What can happen.
    public var steps: [Step]

    /// Declares a lifecycle.
    public init(_ state: String, of variant: String? = nil, _ steps: [Step]) {
        self.state = state
        self.variant = variant
        self.steps = steps
    }

    /// The state that a document is in; the empty text when it has none.
    func state(of document: JSON.Object) -> String {
        let path = state.split(separator: ".").map(String.init)
        return JSON.object(document)[JSON.Pointer(path)]?.stringValue ?? ""
    }

    /// The step that comes by itself in a document's state.
    func nextStep(for document: JSON.Object) -> Step? {
        let state = state(of: document)
        return steps.first { $0.delay != nil && $0.from.contains(state) }
    }

    /// The document after a step; `nil` when the row goes away.
    func document(_ document: JSON.Object, after step: Step, at moment: Timestamp) -> JSON.Object? {
        guard let to = step.to else { return nil }
        var changed = document
        changed.set(.string(to), at: state.split(separator: ".").map(String.init)[...])
        step.change(&changed, moment)
        return changed
    }
}

extension JSON.Object {
    /// Sets the value that a path of names leads to; objects that are missing on the way are made.
    mutating func set(_ value: JSON, at path: ArraySlice<String>) {
        guard let name = path.first else { return }
        guard path.count > 1 else {
            self[name] = value
            return
        }
        var inner = self[name]?.objectValue ?? [:]
        inner.set(value, at: path.dropFirst())
        self[name] = .object(inner)
    }
}

extension Collection {
    /// How a row with a document lives.
    func lifecycle(of document: JSON.Object) -> Lifecycle? {
        lifecycles.first { lifecycle in
            guard let variant = lifecycle.variant, let variants else { return lifecycle.variant == nil }
            return variants.value(in: document, members) == variant
        }
    }
}

/// The root row that another stands below: by that a vendor isolates customers.
public struct Root: Sendable, Hashable {
    /// The root's collection.
    public var collection: String
    /// The root's key.
    public var key: String

    /// Names a root.
    public init(_ collection: Collection, _ key: String) {
        self.collection = collection.table
        self.key = key
    }

    /// Whether it is a row of a collection.
    package func isRow(of collection: Collection) -> Bool { self.collection == collection.table }

    init(table: String, key: String) {
        collection = table
        self.key = key
    }
}

/// A step that came by itself.
package struct TakenStep: Sendable {
    /// The row's collection.
    package var collection: Collection
    /// The keys from the root down to the row.
    package var path: [String]
    /// What happened.
    package var event: String
    /// The state before.
    package var from: String
    /// The state after; `nil` when the row is gone.
    package var to: String?
    /// When that was.
    package var moment: Timestamp
}

/// What became of a row.
package struct Change: Sendable {
    /// The keys of the rows above it, the root's first.
    package var path: [String]
    /// What it was; `nil` when it is new.
    package var before: JSON.Object?
    /// What it is; `nil` when it is gone.
    package var after: JSON.Object?
    /// When that was.
    package var moment: Timestamp
}
