internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The most that a call's body may hold, which is more than any test says: what a call costs follows from it.
enum ControlBound {
    static let bytes = 1 << 20
    /// Members of an object, elements of a list.
    static let members = 1_000
    /// All values that requests are compared with, at every level.
    static let patternValues = 1_000
    /// Headers of a fault.
    static let headers = 100
    /// Values in a filter's query.
    static let filters = 100
}

/// The members of an object in a control call's body, each read once, so that what nobody reads is noticed.
struct ControlBody {
    private let object: JSON.Object
    /// Where the object stands in the body.
    let place: JSON.Pointer
    private var read: [String] = []

    /// Looks at a value that has to be an object, and stands at a place of the body.
    init(_ json: JSON, at place: JSON.Pointer = JSON.Pointer()) throws(ControlAPI.Failure) {
        guard let object = json.objectValue else { throw .bad(at: place, "is no object") }
        try Self.bound(object.count, of: "members", to: ControlBound.members, at: place)
        if let twice = object.duplicateNames.first { throw .bad(at: place.appending(twice), "stands there twice") }
        self.object = object
        self.place = place
    }

    /// The names that the object has.
    var names: [String] { object.keys }

    /// Refuses members that are none of some: what is missing is then known to be no slip of the pen.
    func require(_ known: [String]) throws(ControlAPI.Failure) {
        for name in object.keys where !known.contains(name) {
            throw .unknown(name, at: pointer(to: name), among: known, as: "means nothing here")
        }
    }

    /// Where a member stands in the body.
    func pointer(to name: String) -> JSON.Pointer { place.appending(name) }

    /// Why a member's value means nothing.
    func bad(_ name: String, _ reason: String) -> ControlAPI.Failure { .bad(at: pointer(to: name), reason) }

    /// A member that is still to be read.
    func peek(_ name: String) -> JSON? { object[name] }

    /// A member of any kind; `nil` without it.
    mutating func value(_ name: String) -> JSON? {
        read.append(name)
        return object[name]
    }

    mutating func string(_ name: String) throws(ControlAPI.Failure) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.stringValue else { throw bad(name, "is no text") }
        return text
    }

    /// One of some words.
    mutating func choice(_ name: String, among words: [String]) throws(ControlAPI.Failure) -> String? {
        guard let text = try string(name) else { return nil }
        guard words.contains(text) else { throw .unknown(text, at: pointer(to: name), among: words) }
        return text
    }

    mutating func strings(_ name: String) throws(ControlAPI.Failure) -> [String]? {
        guard let value = value(name) else { return nil }
        try bound(name, to: ControlBound.members)
        let texts = value.arrayValue?.compactMap(\.stringValue)
        guard let texts, texts.count == value.arrayValue?.count else { throw bad(name, "is no list of texts") }
        return texts
    }

    /// Some of some words.
    mutating func choices(_ name: String, among words: [String]) throws(ControlAPI.Failure) -> [String]? {
        guard let texts = try strings(name) else { return nil }
        for (number, text) in texts.enumerated() where !words.contains(text) {
            throw .unknown(text, at: pointer(to: name).appending(number), among: words)
        }
        return texts
    }

    mutating func boolean(_ name: String) throws(ControlAPI.Failure) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.boolValue else { throw bad(name, "is neither true nor false") }
        return flag
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int64>) throws(ControlAPI.Failure) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.int64Value, range.contains(number) else {
            throw bad(name, "is no integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func number(_ name: String, in range: ClosedRange<Double>) throws(ControlAPI.Failure) -> Double? {
        guard let value = value(name) else { return nil }
        guard case .number(let number) = value, let amount = Double(number.text), range.contains(amount) else {
            throw bad(name, "is no number from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))")
        }
        return amount
    }

    /// A time.
    mutating func time(_ name: String) throws(ControlAPI.Failure) -> Timestamp? {
        guard let text = try string(name) else { return nil }
        guard let moment = Timestamp(text) else {
            throw bad(name, "is no RFC 3339 time such as 2026-01-02T03:04:05Z")
        }
        return moment
    }

    /// A number of seconds that is not negative, in microseconds.
    mutating func seconds(_ name: String) throws(ControlAPI.Failure) -> Int64? {
        // A hundred years: what is added to a time stays one.
        try number(name, in: 0...3_155_760_000).map { Int64(($0 * 1_000_000).rounded()) }
    }

    /// An object, of which every member has to be read.
    mutating func object<Value>(
        _ name: String,
        _ body: (inout ControlBody) throws(ControlAPI.Failure) -> Value
    ) throws(ControlAPI.Failure) -> Value? {
        guard let value = value(name) else { return nil }
        return try Self.whole(value, at: pointer(to: name), body)
    }

    /// A list of objects, of which every member has to be read.
    mutating func objects<Value>(
        _ name: String,
        _ body: (inout ControlBody) throws(ControlAPI.Failure) -> Value
    ) throws(ControlAPI.Failure) -> [Value]? {
        guard let value = value(name) else { return nil }
        guard let elements = value.arrayValue else { throw bad(name, "is no list") }
        try bound(name, to: ControlBound.members)
        var values: [Value] = []
        for (number, element) in elements.enumerated() {
            values.append(try Self.whole(element, at: pointer(to: name).appending(number), body))
        }
        return values
    }

    /// Refuses a list or an object of more elements or members than so many.
    func bound(_ name: String, to most: Int) throws(ControlAPI.Failure) {
        guard let value = object[name] else { return }
        if let elements = value.arrayValue {
            try Self.bound(elements.count, of: "elements", to: most, at: pointer(to: name))
        }
        if let members = value.objectValue {
            try Self.bound(members.count, of: "members", to: most, at: pointer(to: name))
        }
    }

    /// Refuses what holds more values than so many, at all levels together.
    func boundValues(of name: String, to most: Int) throws(ControlAPI.Failure) {
        guard let value = object[name] else { return }
        try Self.bound(value.count(upTo: most + 1), of: "values", to: most, at: pointer(to: name))
    }

    private static func bound(
        _ count: Int,
        of what: String,
        to most: Int,
        at place: JSON.Pointer
    ) throws(ControlAPI.Failure) {
        guard count <= most else { throw .bad(at: place, "has more than \(most) \(what)") }
    }

    /// Reads a call's body as a whole.
    static func whole<Value>(
        of call: borrowing Call<ControlAPI>,
        _ body: (inout ControlBody) throws(ControlAPI.Failure) -> Value
    ) throws(ControlAPI.Failure) -> Value {
        guard call.request.body.count <= ControlBound.bytes else { throw .tooLarge(ControlBound.bytes) }
        return try whole(try call.json(), body)
    }

    /// Reads an object as a whole: a member that nobody reads means nothing, which is an error.
    static func whole<Value>(
        _ json: JSON,
        at place: JSON.Pointer = JSON.Pointer(),
        _ body: (inout ControlBody) throws(ControlAPI.Failure) -> Value
    ) throws(ControlAPI.Failure) -> Value {
        var members = try ControlBody(json, at: place)
        let value = try body(&members)
        for name in members.object.keys where !members.read.contains(name) {
            throw .unknown(name, at: place.appending(name), among: members.read, as: "means nothing here")
        }
        return value
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }
}

extension JSON {
    /// How many values it has at all levels below its own, as far as they are counted.
    fileprivate func count(upTo most: Int) -> Int {
        let below: [JSON]
        switch self {
        case .object(let members): below = members.map(\.value)
        case .array(let elements): below = elements
        case .null, .bool, .number, .string: return 0
        }
        var count = below.count
        for value in below where count < most { count += value.count(upTo: most - count) }
        return count
    }
}
