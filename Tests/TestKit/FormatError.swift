internal import PatchbayJSON

/// What is wrong with a file of vectors.
struct FormatError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The members of an object, read one by one, so that one that nobody asks for is an error and not a silent loss.
struct Members {
    private var rest: JSON.Object
    private let place: String

    init(_ value: JSON, at place: String) throws(FormatError) {
        guard case .object(let object) = value else { throw FormatError("\(place) is no object") }
        rest = object
        self.place = place
    }

    mutating func take(_ name: String) -> JSON? {
        defer { rest[name] = nil }
        return rest[name]
    }

    mutating func string(_ name: String) throws(FormatError) -> String? {
        guard let value = take(name) else { return nil }
        guard let string = value.stringValue else { throw FormatError("\(place): \(name) is no string") }
        return string
    }

    mutating func integer(_ name: String) throws(FormatError) -> Int? {
        guard let value = take(name) else { return nil }
        guard let integer = value.numberValue?.int64 else { throw FormatError("\(place): \(name) is no integer") }
        return Int(integer)
    }

    mutating func array(_ name: String) throws(FormatError) -> [JSON]? {
        guard let value = take(name) else { return nil }
        guard let array = value.arrayValue else { throw FormatError("\(place): \(name) is no array") }
        return array
    }

    mutating func object(_ name: String) throws(FormatError) -> JSON.Object? {
        guard let value = take(name) else { return nil }
        guard let object = value.objectValue else { throw FormatError("\(place): \(name) is no object") }
        return object
    }

    /// Several texts by one name, or a single one by another.
    mutating func strings(_ name: String, or single: String) throws(FormatError) -> [String]? {
        guard let array = try array(name) else { return try string(single).map { [$0] } }
        let strings = array.compactMap(\.stringValue)
        guard strings.count == array.count else { throw FormatError("\(place): \(name) holds more than strings") }
        return strings
    }

    /// Refuses the members that are left.
    func finish() throws(FormatError) {
        guard let name = rest.keys.first else { return }
        throw FormatError("\(place): \(name) means nothing here")
    }
}
