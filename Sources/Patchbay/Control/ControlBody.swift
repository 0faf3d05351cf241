internal import JSON
internal import Store

/// The members of a control call's body, each read once, so that what nobody reads is noticed.
struct ControlBody {
    private var object: JSON.Object?
    private var read: [String] = []

    init(_ json: JSON) {
        object = json.objectValue
    }

    mutating func string(_ name: String) throws(ControlAPI.Failure) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.stringValue else { throw .badBody("has a \(name) that is no text") }
        return text
    }

    mutating func strings(_ name: String) throws(ControlAPI.Failure) -> [String]? {
        guard let value = take(name) else { return nil }
        let texts = value.arrayValue?.compactMap(\.stringValue)
        guard let texts, texts.count == value.arrayValue?.count else {
            throw .badBody("has a \(name) that is no list of texts")
        }
        return texts
    }

    mutating func boolean(_ name: String) throws(ControlAPI.Failure) -> Bool? {
        guard let value = take(name) else { return nil }
        guard let flag = value.boolValue else { throw .badBody("has a \(name) that is neither true nor false") }
        return flag
    }

    mutating func time(_ name: String) throws(ControlAPI.Failure) -> Timestamp? {
        guard let text = try string(name) else { return nil }
        guard let moment = Timestamp(text) else {
            throw .badBody("has a \(name) that is no RFC 3339 time such as 2026-01-02T03:04:05Z")
        }
        return moment
    }

    /// A number of seconds that is not negative, in microseconds.
    mutating func seconds(_ name: String) throws(ControlAPI.Failure) -> Int64? {
        guard let value = take(name) else { return nil }
        // A hundred years: what is added to a time stays one.
        guard case .number(let number) = value, let seconds = Double(number.text), (0...3_155_760_000).contains(seconds)
        else { throw .badBody("has \(name) that are no number from 0 to 3155760000") }
        return Int64((seconds * 1_000_000).rounded())
    }

    func finish() throws(ControlAPI.Failure) {
        guard let object else { throw .badBody("is no object") }
        for (name, _) in object where !read.contains(name) {
            throw .badBody("has a member \(name), which means nothing here" + Nearest.suggestion(for: name, in: read))
        }
        if let twice = object.duplicateNames.first { throw .badBody("has \(twice) twice") }
    }

    private mutating func take(_ name: String) -> JSON? {
        read.append(name)
        return object?[name]
    }
}
