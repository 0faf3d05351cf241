public import PatchbayJSON

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
        // Most objects are written in the declared order.
        let object = isSorted(object) ? object : try sorted(object)
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(count)
        var next = 0
        for (name, value) in object {
            while self[next].name != name {
                try fill(next, in: object, &members)
                next += 1
            }
            members.append((self[next].name, try checked(value, next)))
            next += 1
        }
        for index in next..<count { try fill(index, in: object, &members) }
        return JSON.Object(members: members)
    }

    /// Checks the value of a member.
    ///
    /// Not a method of the member, which would be copied for it, and so would be the references that all threads count.
    private func checked(_ value: JSON, _ index: Int) throws(Violation) -> JSON {
        if self[index].isNullable, value.isNull { return value }
        do throws(Violation) {
            return try self[index].kind.checked(value)
        } catch {
            throw error.inside(self[index].name)
        }
    }

    /// Appends what an object has for a member that it has not.
    private func fill(
        _ index: Int,
        in object: JSON.Object,
        _ members: inout [(name: String, value: JSON)],
    ) throws(Violation) {
        switch self[index].presence {
        case .required: throw Violation(at: JSON.Pointer(), "has no member \"\(self[index].name)\"")
        case .optional: break
        case .standard(let standard): members.append((self[index].name, standard))
        case .derived(let value): members.append((self[index].name, try checked(value(object), index)))
        }
    }

    /// Whether an object has members declared here only, each once and in their order.
    private func isSorted(_ object: JSON.Object) -> Bool {
        var next = 0
        for (name, _) in object {
            while next < count, self[next].name != name { next += 1 }
            if next == count { return false }
            next += 1
        }
        return true
    }

    /// An object's members in the order of those declared here.
    private func sorted(_ object: JSON.Object) throws(Violation) -> JSON.Object {
        var values = [JSON?](repeating: nil, count: count)
        for (name, value) in object {
            guard let index = firstIndex(where: { $0.name == name }) else {
                let suggestion = Nearest.suggestion(for: name, in: map(\.name))
                throw Violation(at: JSON.Pointer([name]), "is not a member here" + suggestion)
            }
            guard values[index] == nil else { throw Violation(at: JSON.Pointer([name]), "stands here twice") }
            values[index] = value
        }
        return JSON.Object(members: zip(self, values).compactMap { member, value in value.map { (member.name, $0) } })
    }
}

extension Violation {
    /// The same, seen from one step further out: places are put together only when something is wrong.
    func inside(_ step: String) -> Violation {
        Violation(at: JSON.Pointer([step] + pointer.tokens), reason)
    }
}

extension Member.Kind {
    fileprivate func checked(_ value: JSON) throws(Violation) -> JSON {
        switch self {
        case .text(let form):
            guard case .string(let text) = value else { break }
            try Self.check(text, form)
            return value
        case .integer(let range):
            guard case .number(let number) = value else { break }
            guard let integer = number.int64, range.contains(integer) else {
                throw refusal("\(number.text) is not an integer from \(range.lowerBound) to \(range.upperBound)")
            }
            return .number(JSON.Number(integer))
        case .boolean:
            guard case .bool = value else { break }
            return value
        case .timestamp(let digits):
            guard case .string(let text) = value else { break }
            return .string(try Self.checkedTime(text, fractionDigits: digits))
        case .choice(let words):
            guard case .string(let text) = value else { break }
            guard words.contains(where: { $0.hasSameBytes(as: text) }) else {
                let suggestion = Nearest.suggestion(for: text, in: words)
                throw refusal("\(quoted(text)) is none of \(words.joined(separator: ", "))" + suggestion)
            }
            return value
        case .object(let members):
            guard case .object(let object) = value else { break }
            return .object(try members.checked(object))
        case .list(let kind):
            guard case .array(let elements) = value else { break }
            return .array(try kind.checked(elements))
        case .either(let shapes):
            guard case .object(let object) = value else { break }
            return .object(try closestShape(of: shapes, to: object).checked(object))
        }
        throw refusal("is \(value.kindName) where \(kindName) belongs")
    }

    private func refusal(_ reason: String) -> Violation { Violation(at: JSON.Pointer(), reason) }

    private static func check(_ text: String, _ form: Member.TextForm) throws(Violation) {
        // No text has fewer bytes than characters, and counting bytes is quick.
        if let maximum = form.maximumLength, text.utf8.count > maximum, text.unicodeScalars.count > maximum {
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
        return isKept(text, fractionDigits) ? text : moment.text(fractionDigits: fractionDigits)
    }

    /// Whether a time is in that form already: in UTC, with no digit too many behind the second.
    private static func isKept(_ time: String, _ fractionDigits: Int) -> Bool {
        var time = time
        return time.withUTF8 { bytes in
            guard bytes.last == UInt8(ascii: "Z") else { return false }
            return bytes.count == 20
                || bytes.count <= 21 + fractionDigits && bytes[bytes.count - 2] != UInt8(ascii: "0")
        }
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
