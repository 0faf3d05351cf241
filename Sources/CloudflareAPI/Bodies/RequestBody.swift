internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The JSON of a request, refused as the product's parser refuses it: with what it expected, and how far it had read by then
/// (contract section 4.2, checks 1 to 4).
struct RequestBody {
    /// What the members of an object have to be, in the order in which they are checked.
    typealias Shape = [Field]

    /// A member that is looked at; all others are passed over.
    struct Field: Sendable {
        var name: String
        var form: Form
        var isRequired = false
    }

    /// What may stand in a member.
    indirect enum Form: Sendable {
        case text
        case flag
        case words([String])
        case port
        case object(Shape)
        case list(of: Form)
    }

    private let bytes: [UInt8]
    /// The members as they were sent.
    let members: JSON.Object

    /// Reads the body of a call.
    ///
    /// - Parameters:
    ///   - call: the call.
    ///   - kind: what the parser calls what it wants.
    /// - Throws: 6003 for a media type that is not taken, 5102 for what is no JSON object.
    init(_ call: borrowing Call<CloudflareAPI>, kind: String) throws(CloudflareAPI.Failure) {
        if let type = call.mediaType, !["application/json", "multipart/form-data"].contains(type) {
            throw CloudflareAPI.Failure(.unsupportedMediaType(type))
        }
        bytes = call.request.body
        let value: JSON
        do throws(JSON.ParseError) {
            value = try JSON(parsing: bytes, limits: JSON.Limits(depth: 127))
        } catch {
            throw Self.failure(error, in: bytes)
        }
        members = value.objectValue ?? [:]
        if value.objectValue == nil { throw wrongType(value, wanted: "struct \(kind)", at: []) }
    }

    /// The members of a shape, in its order, without those that are null.
    ///
    /// - Parameter shape: what is wanted.
    /// - Returns: what was sent of it.
    /// - Throws: 5102 for the first that is missing, or of another type; numbers that are no port come last.
    func object(_ shape: Shape) throws(CloudflareAPI.Failure) -> JSON.Object {
        var misfit: CloudflareAPI.Failure?
        let object = try checked(members, shape, at: [], &misfit)
        if let misfit { throw misfit }
        return object
    }

    private func checked(
        _ object: JSON.Object,
        _ shape: Shape,
        at place: [String],
        _ misfit: inout CloudflareAPI.Failure?,
    ) throws(CloudflareAPI.Failure) -> JSON.Object {
        let twice = object.duplicateNames
        if let field = shape.first(where: { twice.contains($0.name) }) {
            throw failure("duplicate field `\(field.name)`", at: place + [field.name])
        }
        if let field = shape.first(where: { $0.isRequired && object[$0.name] == nil }) {
            throw failure("missing field `\(field.name)`", at: place)
        }
        var found: JSON.Object = [:]
        for field in shape {
            guard let value = object[field.name], field.isRequired || !value.isNull else { continue }
            found[field.name] = try checked(value, field.form, at: place + [field.name], &misfit)
        }
        return found
    }

    private func checked(
        _ value: JSON,
        _ form: Form,
        at place: [String],
        _ misfit: inout CloudflareAPI.Failure?,
    ) throws(CloudflareAPI.Failure) -> JSON {
        switch (form, value) {
        case (.text, .string), (.flag, .bool): break
        case (.words(let words), .string(let text)):
            guard words.contains(where: { $0.hasSameBytes(as: text) }) else {
                let list = words.map { "`\($0)`" }
                let wanted = list.count == 2 ? list.joined(separator: " or ") : "one of \(list.joined(separator: ", "))"
                throw failure("unknown variant `\(text)`, expected \(wanted)", at: place)
            }
        case (.port, .number(let number)) where number.int64 != nil:
            // Whether it is a port is found out when everything has been read.
            guard let port = number.int64, !(1...65_535).contains(port), misfit == nil else { break }
            misfit = failure("invalid value: integer `\(number)`, expected a nonzero u16", at: place)
        case (.object(let shape), .object(let object)):
            return .object(try checked(object, shape, at: place, &misfit))
        case (.list(let form), .array(let elements)):
            for (index, element) in elements.enumerated() {
                _ = try checked(element, form, at: place + [String(index)], &misfit)
            }
        default: throw wrongType(value, wanted: form.name, at: place)
        }
        return value
    }

    private func wrongType(_ value: JSON, wanted: String, at place: [String]) -> CloudflareAPI.Failure {
        let found =
            switch value {
            case .null: "null"
            case .bool(let value): "boolean `\(value)`"
            case .number(let number): (number.int64 == nil ? "floating point" : "integer") + " `\(number)`"
            case .string: "string \(value)"
            case .array: "sequence"
            case .object: "map"
            }
        return failure("invalid type: \(found), expected \(wanted)", at: place)
    }

    /// An error that is noticed at the end of a value.
    private func failure(_ reason: String, at place: [String]) -> CloudflareAPI.Failure {
        Self.failure(reason, after: JSONOutline(bytes).end(of: place), in: bytes)
    }

    private static func failure(_ reason: String, after end: Int, in bytes: [UInt8]) -> CloudflareAPI.Failure {
        let read = bytes[..<end]
        let newline = UInt8(ascii: "\n")
        let lineStart = read.lastIndex(of: newline).map { $0 + 1 } ?? 0
        let line = read.count { $0 == newline } + 1
        return CloudflareAPI.Failure(.malformedBody(reason: reason, line: line, column: end - lineStart))
    }

    /// Syntax errors in the words of the product's parser, `serde_json`.
    private static func failure(_ error: JSON.ParseError, in bytes: [UInt8]) -> CloudflareAPI.Failure {
        if error.reason == "unterminated string" {
            return failure("EOF while parsing a string", after: bytes.count, in: bytes)
        }
        if error.offset == bytes.count {
            return failure("EOF while parsing \(JSONOutline(bytes).unfinished)", after: bytes.count, in: bytes)
        }
        let words = syntax.first { error.reason.hasPrefix($0.ours) }?.theirs ?? error.reason
        return CloudflareAPI.Failure(.malformedBody(reason: words, line: error.line, column: error.column))
    }

    /// How our parser says it, and how theirs does.
    private static let syntax: [(ours: String, theirs: String)] = [
        ("byte order mark", "expected value"), ("expected a value", "expected value"),
        ("unexpected text", "trailing characters"), ("nesting deeper", "recursion limit exceeded"),
        ("expected a member name", "key must be a string"), ("expected a colon", "expected `:`"),
        ("expected a comma or a closing brace", "expected `,` or `}`"),
        ("expected a comma or a closing bracket", "expected `,` or `]`"),
        ("control character", #"control character (\u0000-\u001F) found while parsing a string"#),
        ("unknown escape", "invalid escape"), ("expected four", "invalid escape"),
        ("lone surrogate", "lone leading surrogate in hex escape"), ("invalid UTF-8", "invalid unicode code point"),
        ("leading zero", "invalid number"), ("expected a digit", "invalid number"),
    ]
}

extension RequestBody.Form {
    fileprivate var name: String {
        switch self {
        case .text, .words: "a string"
        case .flag: "a boolean"
        case .port: "a nonzero u16"
        case .object: "a map"
        case .list: "a sequence"
        }
    }
}
