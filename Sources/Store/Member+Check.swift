public import JSON

/// A place in a document and what is wrong there.
public struct Violation: Error, Sendable, Equatable {
    /// The place, seen from the document.
    public var pointer: JSON.Pointer
    /// What is wrong, in words that follow the place.
    public var reason: String

    /// Names a place and what is wrong there.
    public init(at pointer: JSON.Pointer, _ reason: String) {
        self.pointer = pointer
        self.reason = reason
    }
}

extension [Member] {
    /// Checks an object against the members declared here.
    ///
    /// - Parameters:
    ///   - object: the object as written.
    ///   - pointer: the object's place, for violations.
    /// - Returns: the object with its members in the declared order, and with the standard values of absent ones.
    /// - Throws: the first `Violation`.
    package func checked(_ object: JSON.Object, at pointer: JSON.Pointer) throws(Violation) -> JSON.Object {
        for (name, _) in object where !contains(where: { $0.name == name }) {
            throw Violation(at: pointer.appending(name), "is not a member here" + Nearest.suggestion(for: name, in: map(\.name)))
        }
        if let twice = object.duplicateNames.first {
            throw Violation(at: pointer.appending(twice), "stands here twice")
        }
        var pairs: [(name: String, value: JSON)] = []
        pairs.reserveCapacity(count)
        for member in self {
            if let value = object[member.name] {
                pairs.append((member.name, try member.checked(value, at: pointer.appending(member.name))))
                continue
            }
            switch member.presence {
            case .required: throw Violation(at: pointer, "has no member \"\(member.name)\"")
            case .optional: break
            case .standard(let value): pairs.append((member.name, value))
            }
        }
        return JSON.Object(pairs)
    }
}

extension Member {
    fileprivate func checked(_ value: JSON, at pointer: JSON.Pointer) throws(Violation) -> JSON {
        if value.isNull, isNullable { return value }
        return try kind.checked(value, at: pointer)
    }
}

extension Member.Kind {
    fileprivate func checked(_ value: JSON, at pointer: JSON.Pointer) throws(Violation) -> JSON {
        switch (self, value) {
        case (.text(let form), .string(let text)):
            if let maximum = form.maximumLength, text.unicodeScalars.count > maximum {
                throw Violation(at: pointer, "is longer than \(maximum) characters")
            }
            guard form.matches(text) else { throw Violation(at: pointer, "\(quoted(text)) is not \(form.name)") }
            return value
        case (.integer(let range), .number(let number)):
            guard let integer = number.int64, range.contains(integer) else {
                throw Violation(
                    at: pointer,
                    "\(number.text) is not an integer from \(range.lowerBound) to \(range.upperBound)",
                )
            }
            return .number(JSON.Number(integer))
        case (.boolean, .bool):
            return value
        case (.timestamp(let digits), .string(let text)):
            return .string(try Timestamp.checked(text, fractionDigits: digits, at: pointer).text(fractionDigits: digits))
        case (.choice(let words), .string(let text)):
            guard words.contains(text) else {
                let list = words.joined(separator: ", ")
                throw Violation(
                    at: pointer,
                    "\(quoted(text)) is none of \(list)" + Nearest.suggestion(for: text, in: words),
                )
            }
            return value
        case (.object(let members), .object(let object)):
            return .object(try members.checked(object, at: pointer))
        case (.list(let kind), .array(let elements)):
            var checked: [JSON] = []
            for (index, element) in elements.enumerated() {
                checked.append(try kind.checked(element, at: pointer.appending(index)))
            }
            return .array(checked)
        case (.either(let shapes), .object(let object)):
            return .object(try closestShape(of: shapes, to: object).checked(object, at: pointer))
        default:
            throw Violation(at: pointer, "is \(value.kindName) where \(kindName) belongs")
        }
    }

    /// The shape that shares the most names with an object, so that the error speaks of what was meant.
    private func closestShape(of shapes: [[Member]], to object: JSON.Object) -> [Member] {
        let names = Set(object.map(\.name))
        let distance = { (shape: [Member]) in Set(shape.map(\.name)).symmetricDifference(names).count }
        return shapes.min { distance($0) < distance($1) } ?? []
    }

    private var kindName: String {
        switch self {
        case .text(let form): form.name
        case .integer: "an integer"
        case .boolean: "true or false"
        case .timestamp: "an RFC 3339 time"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .object, .either: "an object"
        case .list: "an array"
        }
    }
}

extension JSON {
    /// What a value is, in a sentence.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "text"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// Quotes a text for an error, shortened where it is long.
func quoted(_ text: String) -> String {
    text.count > 80 ? "\"\(text.prefix(80))…\"" : "\"\(text)\""
}
