internal import PatchbayHTTP
package import PatchbayJSON
internal import PatchbayStore

/// An exchange as tests read it: what the journal took down, with what the endpoint tables say of it, and without secrets.
package struct RecordedExchange: Sendable {
    /// What was taken down.
    package let entry: JournalEntry
    private let request: Request
    private let world: World
    private let service: Service?
    private let route: RouteDescription?
    /// Where secrets stand in the body.
    let secrets: Secrets

    /// Looks up what the tables of the services say of an exchange.
    package init(_ entry: JournalEntry, in world: World) {
        self.entry = entry
        request = entry.request
        self.world = world
        let services = world.services
        let service = services.first { $0.name == entry.api }
        let route = entry.route.flatMap { service?.routes[$0] }
        self.service = service
        self.route = route
        let described = request.body.isEmpty ? nil : route?.contract.body?.names
        secrets = Secrets(route?.secrets ?? [], describing: described ?? [])
    }

    /// All of it.
    package var json: JSON {
        .object(JSON.Object(Self.fields.filter(\.isShown).map { ($0.name, $0.value(self)) }))
    }

    /// Something that is known of an exchange.
    package struct Field: Sendable {
        /// What kind of values it has.
        package enum Kind: Sendable {
            /// A text or a number, either of which can be written as the other.
            case text
            /// Members whose values are such texts.
            case texts
            /// A JSON document.
            case document
        }

        /// Its name in answers and in what is asked for.
        package var name: String
        /// What kind of values it has.
        package var kind = Kind.text
        /// Whether it is in answers.
        var isShown = true
        /// Whether it can be asked for.
        var isAskedFor = true
        /// How much speaks against an exchange that has another value than the one that is looked for.
        var weight = 1
        /// Its value.
        package var value: @Sendable (RecordedExchange) -> JSON
    }

    /// What can be asked for.
    package static let questions = fields.filter(\.isAskedFor)

    private static let fields: [Field] = [
        Field(name: "number", isAskedFor: false) { .number(JSON.Number(Int64(clamping: $0.entry.number))) },
        Field(name: "time", isAskedFor: false) { .string($0.entry.moment.text(fractionDigits: 6)) },
        Field(name: "id") { exchange in
            text(exchange.entry.id.flatMap { id in exchange.service?.text(id) })
        },
        Field(name: "tenant", weight: 4) { text($0.entry.root?.key) },
        Field(name: "api", weight: 8) { text($0.entry.api) },
        Field(name: "operation", weight: 8) { text($0.route?.operation) },
        Field(name: "method", weight: 4) { .string($0.request.method.name) },
        Field(name: "path", weight: 4) { .string($0.request.target.path) },
        Field(name: "query") { text($0.query) },
        Field(name: "parameters", kind: .texts) { .object($0.parameters) },
        Field(name: "coerced", isAskedFor: false) { .object($0.coerced) },
        Field(name: "status") { number($0.entry.status?.code) },
        Field(name: "rows") { number($0.entry.rows) },
        Field(name: "bytes", isAskedFor: false) { number($0.entry.bytes) },
        Field(name: "durationMicroseconds", isAskedFor: false) { number(Int($0.entry.duration / 1_000)) },
        Field(name: "faults", isAskedFor: false) { exchange in
            .array(
                exchange.entry.faults.map { ["name": .string($0.name), "ordinal": .number(JSON.Number($0.ordinal))] }
            )
        },
        Field(name: "fault", isShown: false) { .array($0.entry.faults.map { .string($0.name) }) },
        Field(name: "unmatched") { text($0.entry.unmatched) },
        Field(name: "findings", isAskedFor: false) { exchange in
            .array(exchange.entry.findings.map { .object($0.json) })
        },
        Field(name: "finding", isShown: false) { .array($0.entry.findings.map { .string($0.kind.rawValue) }) },
        Field(name: "credential") { text(Secrets.credential(of: $0.request, to: $0.service)) },
        Field(name: "headers", kind: .texts) { .object($0.headers) },
        Field(name: "bodyBytes", isAskedFor: false) { number($0.entry.bodyBytes) },
        Field(name: "body", kind: .document) { $0.body },
    ]

    private static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

    private static func number(_ number: Int?) -> JSON { number.map { .number(JSON.Number($0)) } ?? .null }
}

extension RecordedExchange {
    /// The values of path and query, decoded; those of a name that stands there more than once in a list.
    private var parameters: JSON.Object {
        var parameters = ValuesByName()
        let steps = (route?.path ?? "").split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (step, segment) in zip(steps, request.target.segments) where step.hasPrefix("{") {
            parameters.add(segment.text, to: String(step.dropFirst().dropLast()))
        }
        for item in request.target.query {
            let value = item.value?.text ?? ""
            parameters.add(hides(item) ? Secrets.mark(value) : value, to: item.name.text)
        }
        return parameters.object
    }

    /// The declared query parameters, as given and as taken.
    private var coerced: JSON.Object { route?.contract.coerced(request.target.query, world.quirks) ?? [:] }

    /// The query as it was received.
    private var query: String? {
        let target = request.target
        guard let query = target.rawQuery, target.query.contains(where: hides) else { return target.rawQuery }
        let pieces = query.split(separator: "&", omittingEmptySubsequences: false).map { piece in
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let item = QueryItem(
                name: PercentEncoded(String(parts[0]), plusIsBlank: true),
                value: parts.count > 1 ? PercentEncoded(String(parts[1]), plusIsBlank: true) : nil
            )
            return hides(item) ? "\(parts[0])=\(Secrets.mark(item.value?.text ?? ""))" : String(piece)
        }
        return pieces.joined(separator: "&")
    }

    /// Whether a query parameter seems to hold a secret: none that is documented does.
    private func hides(_ item: QueryItem) -> Bool {
        let name = item.name.text
        return Secrets.areIn(name) && item.value != nil && route?.parameters.contains { $0.name == name } != true
    }

    /// The header fields with their names in lower case.
    private var headers: JSON.Object {
        var headers = ValuesByName()
        for (name, value) in request.headers.fields {
            headers.add(Secrets.shown(value, ofHeader: name), to: name.lowercased())
        }
        return headers.object
    }

    /// The body, as JSON or as the members of a form; `null` where there is none, it was not kept, or is neither.
    private var body: JSON {
        let bytes = request.body
        guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return .null }
        // Whatever it is said to be: curl calls everything a form.
        if let json = try? JSON(parsing: bytes) { return secrets.withheld(json) }
        let type = request.headers["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("application/x-www-form-urlencoded") {
            guard let form = try? Target(parsing: "/?" + text) else { return .null }
            var members = ValuesByName()
            for item in form.query {
                let name = item.name.text
                members.add(item.value?.text ?? "", to: secrets.describes(name) ? name : Secrets.mark(name))
            }
            return secrets.withheld(.object(members.object))
        }
        return .null
    }
}

/// Texts by name, in the order of the names; several of a name in a list.
///
/// A client may say thousands of them, so that no name is looked for among all others.
private struct ValuesByName {
    private var members: [(name: String, values: [JSON])] = []
    private var places: [[UInt8]: Int] = [:]

    mutating func add(_ value: String, to name: String) {
        let place = places[Array(name.utf8)] ?? members.count
        if place == members.count {
            places[Array(name.utf8)] = place
            members.append((name, []))
        }
        members[place].values.append(.string(value))
    }

    var object: JSON.Object {
        JSON.Object(members.map { ($0.name, $0.values.count == 1 ? $0.values[0] : .array($0.values)) })
    }
}

/// An exchange on its way to those who follow the journal: what they need of it is made once, however many they are, and not at
/// all when nobody wants it.
package final class ToldExchange {
    /// What was taken down.
    package let entry: JournalEntry
    private var exchange: RecordedExchange?
    private var event: [UInt8]?

    init(_ entry: JournalEntry) {
        self.entry = entry
    }

    /// What the tables of the services say of it.
    package func exchange(in world: World) -> RecordedExchange {
        let made = exchange ?? RecordedExchange(entry, in: world)
        exchange = made
        return made
    }

    /// How it is written to those who are told.
    package func event(_ write: () -> [UInt8]) -> [UInt8] {
        let made = event ?? write()
        event = made
        return made
    }
}
