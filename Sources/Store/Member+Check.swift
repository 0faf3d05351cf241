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
    /// - Parameter object: the object as written.
    /// - Returns: the object with its members in the declared order, and with the standard values of absent ones.
    /// - Throws: the first `Violation`, its place seen from the object.
    package func checked(_ object: JSON.Object) throws(Violation) -> JSON.Object {
        let values = try sorted(object)
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(count)
        for (member, value) in zip(self, values) {
            if let value {
                members.append((member.name, try member.checked(value)))
                continue
            }
            switch member.presence {
            case .required: throw Violation(at: JSON.Pointer(), "has no member \"\(member.name)\"")
            case .optional: break
            case .standard(let standard): members.append((member.name, standard))
            case .derived(let value): members.append((member.name, try member.checked(value(object))))
            }
        }
        return JSON.Object(members: members)
    }

    /// An object's values in the order of the members declared here; `nil` for one that is absent.
    private func sorted(_ object: JSON.Object) throws(Violation) -> [JSON?] {
        var values = [JSON?](repeating: nil, count: count)
        var expected = 0
        for (name, value) in object {
            // Most objects are written in the declared order.
            let isExpected = expected < count && self[expected].name == name
            guard let index = isExpected ? expected : firstIndex(where: { $0.name == name }) else {
                let suggestion = Nearest.suggestion(for: name, in: map(\.name))
                throw Violation(at: JSON.Pointer([name]), "is not a member here" + suggestion)
            }
            guard values[index] == nil else { throw Violation(at: JSON.Pointer([name]), "stands here twice") }
            values[index] = value
            expected = index + 1
        }
        return values
    }
}

extension Violation {
    /// The same, seen from one step further out: places are put together only when something is wrong.
    func inside(_ step: String) -> Violation {
        Violation(at: JSON.Pointer([step] + pointer.tokens), reason)
    }
}

extension Member {
    fileprivate func checked(_ value: JSON) throws(Violation) -> JSON {
        if isNullable, value.isNull { return value }
        do throws(Violation) {
            return try kind.checked(value)
        } catch {
            throw error.inside(name)
        }
    }
}

extension Member.Kind {
    fileprivate func checked(_ value: JSON) throws(Violation) -> JSON {
        switch (self, value) {
        case (.text(let form), .string(let text)):
            try Self.check(text, form)
            return value
        case (.integer(let range), .number(let number)):
            guard let integer = number.int64, range.contains(integer) else {
                throw refusal("\(number.text) is not an integer from \(range.lowerBound) to \(range.upperBound)")
            }
            return .number(JSON.Number(integer))
        case (.boolean, .bool):
            return value
        case (.timestamp(let digits), .string(let text)):
            return .string(try Self.checkedTime(text, fractionDigits: digits))
        case (.choice(let words), .string(let text)):
            guard words.contains(where: { $0.hasSameBytes(as: text) }) else {
                let suggestion = Nearest.suggestion(for: text, in: words)
                throw refusal("\(quoted(text)) is none of \(words.joined(separator: ", "))" + suggestion)
            }
            return value
        case (.object(let members), .object(let object)):
            return .object(try members.checked(object))
        case (.list(let kind), .array(let elements)):
            return .array(try kind.checked(elements))
        case (.either(let shapes), .object(let object)):
            return .object(try closestShape(of: shapes, to: object).checked(object))
        default:
            throw refusal("is \(value.kindName) where \(kindName) belongs")
        }
    }

    private func refusal(_ reason: String) -> Violation { Violation(at: JSON.Pointer(), reason) }

    private static func check(_ text: String, _ form: Member.TextForm) throws(Violation) {
        if let maximum = form.maximumLength, text.unicodeScalars.count > maximum {
            throw Violation(at: JSON.Pointer(), "is longer than \(maximum) characters")
        }
        guard form.matches(text) else { throw Violation(at: JSON.Pointer(), "\(quoted(text)) is not \(form.name)") }
    }

    private func checked(_ elements: [JSON]) throws(Violation) -> [JSON] {
        var checked: [JSON] = []
        for (index, element) in elements.enumerated() {
            do throws(Violation) {
                checked.append(try self.checked(element))
            } catch {
                throw error.inside(String(index))
            }
        }
        return checked
    }

    /// A time in the one form that it is kept in.
    private static func checkedTime(_ text: String, fractionDigits: Int) throws(Violation) -> String {
        guard let moment = Timestamp(text) else {
            let reason = "\(quoted(text)) is not an RFC 3339 time such as 2026-01-02T03:04:05Z"
            throw Violation(at: JSON.Pointer(), reason)
        }
        guard fractionDigits > 0 || moment.microseconds % 1_000_000 == 0 else {
            let reason = "\(quoted(text)) has a fraction of a second, and this API knows whole seconds only"
            throw Violation(at: JSON.Pointer(), reason)
        }
        // 2026-01-02T03:04:05Z is in that form already.
        return text.utf8.count == 20 ? text : moment.text(fractionDigits: fractionDigits)
    }

    /// The shape that shares the most names with an object, so that the error speaks of what was meant.
    private func closestShape(of shapes: [[Member]], to object: JSON.Object) -> [Member] {
        let fitting = shapes.first { shape in
            shape.count == object.count && shape.allSatisfy { object[$0.name] != nil }
        }
        if let fitting { return fitting }
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
    let beginning = String(text.unicodeScalars.prefix(80))
    return beginning.utf8.count < text.utf8.count ? "\"\(beginning)…\"" : "\"\(text)\""
}
