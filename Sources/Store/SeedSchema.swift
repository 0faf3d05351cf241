public import PatchbayJSON

extension SeedFile {
    /// The JSON Schema (draft 2020-12) of a seed file that holds rows of some collections.
    ///
    /// - Parameters:
    ///   - title: what the schema is of.
    ///   - collections: the collections, as for `SeedFile.init`.
    /// - Returns: the schema.
    public static func schema(title: String, collections: [Collection]) -> JSON {
        var properties: [(name: String, value: JSON)] = [("$schema", ["type": "string"])]
        properties += rows(under: nil, in: collections)
        return .object(
            JSON.Object([
                ("$schema", "https://json-schema.org/draft/2020-12/schema"),
                ("title", .string(title)),
                ("type", "object"),
                ("properties", .object(JSON.Object(properties))),
                ("additionalProperties", false),
            ])
        )
    }

    private static func rows(
        under parent: Collection?,
        in collections: [Collection],
    ) -> [(name: String, value: JSON)] {
        collections.filter { $0.parent === parent }.map { collection in
            let below = rows(under: collection, in: collections)
            let row: JSON
            if let variants = collection.variants {
                row = [
                    "oneOf": .array(
                        variants.members.map { collection.members(ofVariant: $0.value).schema(with: below) }
                    )
                ]
            } else {
                row = collection.members.schema(with: below)
            }
            return (collection.name, ["type": "array", "items": row])
        }
    }
}

extension [Member] {
    /// The JSON Schema of an object that shows these members: all that have a value, and no others.
    public var shownSchema: JSON.Object {
        let shown = filter { if case .optional = $0.presence { false } else { true } }
        return [
            "type": "object",
            "required": .array(shown.map { .string($0.name) }),
            "properties": .object(JSON.Object(map { ($0.name, $0.schema) })),
            "additionalProperties": false,
        ]
    }
}

extension Collection {
    /// The JSON Schema of a row as it is shown.
    ///
    /// - Parameter isShown: whether a member is; all of them when left out.
    /// - Returns: the schema, one for each variant when there are some.
    public func shownSchema(where isShown: (Member) -> Bool = { _ in true }) -> JSON.Object {
        guard let variants else { return members.filter(isShown).shownSchema }
        let schemas = variants.members.map { variant in
            JSON.object(members(ofVariant: variant.value).filter(isShown).shownSchema)
        }
        return ["anyOf": .array(schemas)]
    }

    /// The members of a variant, the deciding one with its value alone.
    fileprivate func members(ofVariant value: String) -> [Member] {
        guard let variants else { return members }
        return members(for: [variants.discriminator: .string(value)]).declared.map { member in
            var member = member
            if member.name == variants.discriminator {
                member.kind = .choice([value])
                // Left out, it is the value that stands in for it, and no other.
                if case .standard(let standard) = member.presence, standard.stringValue != value {
                    member.presence = .required
                }
            }
            return member
        }
    }
}

extension [Member] {
    /// The JSON Schema of an object that is taken when it has these members, whatever else it has.
    package var takenSchema: JSON.Object {
        var object = schema().objectValue ?? [:]
        object["additionalProperties"] = nil
        return object
    }

    fileprivate func schema(with children: [(name: String, value: JSON)] = []) -> JSON {
        let required = filter { if case .required = $0.presence { true } else { false } }.map { JSON.string($0.name) }
        var schema: [(name: String, value: JSON)] = [("type", "object")]
        if !required.isEmpty { schema.append(("required", .array(required))) }
        schema.append(("properties", .object(JSON.Object(map { ($0.name, $0.schema) } + children))))
        schema.append(("additionalProperties", false))
        return .object(JSON.Object(schema))
    }
}

extension Member {
    fileprivate var schema: JSON {
        var schema = kind.schema
        if isNullable {
            schema = JSON.Object([("anyOf", .array([.object(schema), ["type": "null"]]))])
        }
        if !summary.isEmpty { schema["description"] = .string(summary) }
        if case .standard(let value) = presence { schema["default"] = value }
        return .object(schema)
    }
}

extension Member.Kind {
    fileprivate var schema: JSON.Object {
        switch self {
        case .text(let form):
            var schema: JSON.Object = ["type": "string"]
            if let pattern = form.pattern { schema["pattern"] = .string(pattern) }
            if let maximum = form.maximumLength { schema["maxLength"] = .number(JSON.Number(Int64(maximum))) }
            return schema
        case .integer(let range):
            return [
                "type": "integer",
                "minimum": .number(JSON.Number(range.lowerBound)),
                "maximum": .number(JSON.Number(range.upperBound)),
            ]
        case .boolean: return ["type": "boolean"]
        case .timestamp: return ["type": "string", "format": "date-time"]
        case .choice(let words): return ["enum": .array(words.map(JSON.string))]
        case .object(let members): return members.schema().objectValue ?? [:]
        case .list(let kind): return ["type": "array", "items": .object(kind.schema)]
        case .either(let shapes): return ["oneOf": .array(shapes.map { $0.schema() })]
        }
    }
}
