internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What a body says of a connection, all of which has been checked (contract `confluent.md`, sections 4.2 and 4.4).
struct ConnectionBody {
    /// What a body is for.
    enum Purpose {
        case creation
        case replacement
    }

    private let members: JSON.Object
    /// The status of what is wrong with a body of the kind.
    private let status: Status

    /// The name.
    var name: String { text("name") ?? "" }

    /// Reads a request's body.
    ///
    /// - Returns: the body, or what is wrong with it, so that it can be asked what comes before.
    static func reading(
        _ call: borrowing Call<ConfluentAPI>,
        for purpose: Purpose
    ) -> Result<Self, ConfluentAPI.Failure> {
        do throws(ConfluentAPI.Failure) {
            return .success(try Self(call, for: purpose))
        } catch {
            return .failure(error)
        }
    }

    private init(_ call: borrowing Call<ConfluentAPI>, for purpose: Purpose) throws(ConfluentAPI.Failure) {
        members = try ConfluentAPI.objectBody(call)
        let body = JSON.object(members)
        let quirks = call.quirks
        status =
            switch quirks[Quirks.validation] {
            case "400": .badRequest
            case "422": .unprocessableContent
            default: purpose == .creation ? .unprocessableContent : .badRequest
            }
        let violations = Self.fields.compactMap { field -> Violation? in
            guard let isRequired = field.isRequired(purpose, quirks) else { return nil }
            let pointer = JSON.Pointer(field.path)
            let reason =
                if let value = body[pointer] { field.fault(value, quirks) } else { isRequired ? "is missing" : nil }
            return reason.map { Violation(at: pointer, $0) }
        }
        guard violations.isEmpty else { throw .invalid(violations, status) }
    }

    /// A new connection.
    func connection(uid: String, at moment: Timestamp) -> JSON.Object {
        let time = JSON.string(moment.text(fractionDigits: 6))
        let spec = members["spec"]
        return [
            "metadata": ["created_at": time, "uid": .string(uid), "updated_at": time],
            "name": .string(name),
            "spec": [
                "auth_data": secret,
                "connection_type": spec?["connection_type"] ?? .null,
                "endpoint": spec?["endpoint"] ?? .null,
            ],
        ]
    }

    /// A connection with the secret of the body, if that says nothing else of it, and speaks of its version.
    func replacing(_ connection: JSON.Object, at moment: Timestamp) throws(ConfluentAPI.Failure) -> JSON.Object {
        let before = JSON.object(connection)
        let changed = Self.immutable.map { JSON.Pointer($0) }.filter { pointer in
            JSON.object(members)[pointer].map { $0 != before[pointer] } ?? false
        }
        guard changed.isEmpty else { throw .invalid(changed.map { Violation(at: $0, "cannot be changed") }, status) }
        var metadata = connection["metadata"]?.objectValue ?? [:]
        let version = metadata["resource_version"]?.stringValue ?? ""
        if let expected = text("metadata", "resource_version"), !expected.utf8.elementsEqual(version.utf8) {
            throw .stale(expected)
        }
        let updated = metadata["updated_at"]?.stringValue.flatMap { Timestamp($0) }
        let time = max(moment, updated?.advanced(byMicroseconds: 1) ?? moment)
        metadata["resource_version"] = .string(Self.version(after: version))
        metadata["updated_at"] = .string(time.text(fractionDigits: 6))
        var spec = connection["spec"]?.objectValue ?? [:]
        spec["auth_data"] = secret
        var connection = connection
        connection["metadata"] = .object(metadata)
        connection["spec"] = .object(spec)
        connection["status"] = ConfluentAPI.ready
        return connection
    }

    /// The next version; 1 after one that is no number.
    private static func version(after version: String) -> String {
        guard let number = IntegerForm.digits64.integer(version), number < .max else { return "1" }
        return String(number + 1)
    }

    private var secret: JSON {
        let given = members["spec"]?["auth_data"]
        return ["data": given?["data"] ?? "", "kind": given?["kind"] ?? .string(ConfluentAPI.authKinds[0])]
    }

    private func text(_ path: String...) -> String? { JSON.object(members)[JSON.Pointer(path)]?.stringValue }
}

extension ConnectionBody {
    /// A member of a body.
    private struct Field: Sendable {
        let path: [String]
        /// Whether it has to be there; `nil` where it is not looked at.
        let isRequired: @Sendable (Purpose, Readings) -> Bool?
        /// What is wrong with a value, in words that follow the member's name.
        let fault: @Sendable (JSON, Readings) -> String?
    }

    /// In the order in which errors name them.
    private static let fields = [
        Field(path: ["name"], isRequired: { _, _ in true }) { value, quirks in
            let isStrict = quirks.take(Quirks.names, "pattern")
            return fault(value, .text(isStrict ? ConfluentAPI.connectionName : ConfluentAPI.lenientName))
        },
        Field(path: ["spec", "connection_type"], isRequired: { purpose, _ in purpose == .creation }) { value, quirks in
            let isOpen = quirks.take(Quirks.connectionType, "open")
            return fault(value, isOpen ? .text(ConfluentAPI.openType) : .choice(ConfluentAPI.connectionTypes))
        },
        Field(path: ["spec", "endpoint"], isRequired: { purpose, _ in purpose == .creation }) { value, _ in
            fault(value, .text(ConfluentAPI.endpoint))
        },
        Field(path: ["spec", "auth_data"], isRequired: { _, _ in true }) { value, quirks in
            guard case .object(let members) = value else { return "is \(value.kindName) where an object belongs" }
            guard let data = members["data"] else { return nil }
            guard let text = data.stringValue else { return "has \(data.kindName) for data, where text belongs" }
            let isText = quirks.take(Quirks.secret, "any") || Base64.decode(text) != nil
            return isText ? nil : "has data that is no base64"
        },
        Field(path: ["spec", "auth_data", "kind"], isRequired: { _, _ in false }) { value, _ in
            fault(value, .choice(ConfluentAPI.authKinds))
        },
        Field(path: ["metadata"], isRequired: { purpose, _ in purpose == .replacement ? false : nil }) { value, _ in
            fault(value.objectValue == nil ? value : [:], .object([]))
        },
        Field(
            path: ["metadata", "resource_version"],
            isRequired: { purpose, quirks in
                purpose == .replacement ? quirks.take(Quirks.resourceVersion, "required") : nil
            },
        ) { value, _ in fault(value, .text(.any)) },
    ]

    /// What a replacement may repeat, and not change.
    private static let immutable = [["name"], ["spec", "connection_type"], ["spec", "endpoint"]]

    /// Why a value is not of a kind; `nil` when it is.
    private static func fault(_ value: JSON, _ kind: Member.Kind) -> String? {
        do throws(Violation) {
            _ = try [Member("value", kind)].checked(["value": value])
            return nil
        } catch {
            return error.reason
        }
    }
}
