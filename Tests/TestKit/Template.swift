internal import PatchbayJSON

/// A JSON value with operators in it: objects whose names begin with `$`, which say of a value what it must be like.
struct Template: Sendable {
    private let value: JSON

    private static let operators = [
        "$absent", "$contains", "$count", "$each", "$excludes", "$fresh", "$from", "$header", "$keys", "$matches",
        "$not",
        "$to",
    ]

    init(_ value: JSON) throws(FormatError) {
        try Self.check(value)
        self.value = value
    }

    private static func check(_ value: JSON) throws(FormatError) {
        switch value {
        case .array(let elements): for element in elements { try check(element) }
        case .object(let object):
            for (name, member) in object {
                guard !name.hasPrefix("$") || operators.contains(name) else {
                    throw FormatError("\(name) is no operator")
                }
                try check(member)
            }
        default: break
        }
    }

    /// What of a value is not as the template has it.
    ///
    /// - Parameters:
    ///   - found: the value, `nil` where there is none.
    ///   - place: where it stands, for the report.
    ///   - run: what the run knows.
    /// - Returns: a line for each difference.
    func mismatches(_ found: JSON?, at place: String, in run: inout Run) -> [String] {
        Self.mismatches(value, found, at: place, in: &run)
    }

    private static func mismatches(_ expected: JSON, _ found: JSON?, at place: String, in run: inout Run) -> [String] {
        if case .object(let object) = expected, object.first?.name.hasPrefix("$") == true {
            return object.flatMap { name, operand in
                holds(name, operand, all: object, found, at: place, in: &run)
            }
        }
        guard let found else { return ["\(place): \(expected) is missing"] }
        switch (expected, found) {
        case (.object(let expected), .object(let found)):
            let unknown = found.keys.filter { expected[$0] == nil }
            return expected.flatMap { mismatches($0.value, found[$0.name], at: "\(place)/\($0.name)", in: &run) }
                + unknown.map { "\(place)/\($0): should not be there" }
        case (.array(let expected), .array(let found)):
            guard expected.count == found.count else { return [difference(.array(expected), .array(found), at: place)] }
            return zip(expected, found).enumerated().flatMap {
                mismatches($0.element.0, $0.element.1, at: "\(place)/\($0.offset)", in: &run)
            }
        case (.string(let text), .string):
            let resolved = JSON.string(run.resolve(text))
            return resolved == found ? [] : [difference(resolved, found, at: place)]
        default:
            return expected == found ? [] : [difference(expected, found, at: place)]
        }
    }

    private static func holds(
        _ name: String,
        _ operand: JSON,
        all: JSON.Object,
        _ found: JSON?,
        at place: String,
        in run: inout Run,
    ) -> [String] {
        if name == "$absent" { return found.map { ["\(place): \($0) should not be there"] } ?? [] }
        guard let found else { return ["\(place): is missing"] }
        let text = found.stringValue ?? found.text
        let wanted = run.resolve(operand.stringValue ?? operand.text)
        let isTrue: Bool
        switch name {
        case "$contains": isTrue = text.contains(wanted)
        case "$excludes": isTrue = !text.contains(wanted)
        case "$matches": isTrue = (try? Regex(wanted).firstMatch(in: text)) != nil
        case "$count": isTrue = found.arrayValue?.count == operand.numberValue?.int64.map(Int.init)
        case "$keys": isTrue = found.objectValue?.keys == operand.arrayValue?.compactMap(\.stringValue)
        case "$header": isTrue = run.answer?[wanted] == text
        case "$not": return mismatches(operand, found, at: place, in: &run).isEmpty ? ["\(place): is \(found)"] : []
        case "$fresh": isTrue = run.isFresh(text, at: place)
        case "$each":
            return (found.arrayValue ?? [found]).enumerated().flatMap {
                mismatches(operand, $0.element, at: "\(place)/\($0.offset)", in: &run)
            }
        case "$from":
            let numbers = sequence(from: operand.stringValue ?? "", to: all["$to"]?.stringValue ?? "")
            return numbers.isEmpty
                ? ["\(place): the sequence has no numbers"] : mismatches(.array(numbers), found, at: place, in: &run)
        default: return []
        }
        return isTrue ? [] : ["\(place): \(name) \(operand) does not hold for \(found)"]
    }

    /// The texts between two that differ in the number at their end only: `conn-11` … `conn-20`, up or down.
    private static func sequence(from first: String, to last: String) -> [JSON] {
        let digits = first.reversed().prefix { $0.isNumber }.count
        guard digits > 0, first.count == last.count, first.dropLast(digits) == last.dropLast(digits),
            let start = Int(first.suffix(digits)), let end = Int(last.suffix(digits))
        else { return [] }
        return stride(from: start, through: end, by: start < end ? 1 : -1).map { number in
            let text = String(number)
            return .string(first.dropLast(digits) + String(repeating: "0", count: digits - text.count) + text)
        }
    }

    private static func difference(_ expected: JSON, _ found: JSON, at place: String) -> String {
        "\(place): expected \(expected), found \(found)"
    }
}
