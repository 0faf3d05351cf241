public import PatchbayJSON

/// Pieces of JSON Schema (draft 2020-12) from which modules put the schemas of their bodies together.
public enum Schema {
    /// Any text.
    public static let text: JSON = ["type": "string"]
    /// An integer from 0.
    public static let count: JSON = ["type": "integer", "minimum": 0]

    /// One of some texts.
    public static func words(_ words: String...) -> JSON { ["enum": .array(words.map(JSON.string))] }

    /// An object with just these members, all of which are there but for those named.
    public static func object(_ members: JSON.Object, optional: [String] = []) -> JSON.Object {
        [
            "type": "object",
            "required": .array(members.keys.filter { !optional.contains($0) }.map(JSON.string)),
            "properties": .object(members),
            "additionalProperties": false,
        ]
    }

    /// An array whose elements are alike.
    public static func list(of element: JSON.Object) -> JSON { ["type": "array", "items": .object(element)] }

    /// One of several.
    public static func any(of schemas: JSON.Object...) -> JSON.Object { ["anyOf": .array(schemas.map(JSON.object))] }
}
