internal import APIKit
internal import JSON

/// A row of a contract's table of test vectors, or a part of one.
struct Vector: Sendable {
    /// A request, or some that are answered alike, and what is expected.
    struct Step: Sendable {
        var requests: [RequestForm]
        var expected: Expectation
    }

    var name: String
    var says: String
    var seed: JSON?
    var now: String?
    var authentication: AuthenticationMode
    /// The requests of the first step are alternatives, each with an emulator of its own; later ones follow each other.
    var steps: [Step]

    init(
        _ value: JSON,
        headers: [(name: String, value: String)],
        answers: JSON.Object,
        words: Words,
    ) throws(FormatError) {
        guard let name = value["name"]?.stringValue else { throw FormatError("a vector has no name") }
        var members = try Members(value, at: name)
        _ = members.take("name")
        self.name = name
        says = try members.string("says") ?? ""
        seed = try members.take("seed").map { value throws(FormatError) in try words.expand(value) }
        now = try members.string("now")
        let mode = try members.string("auth") ?? AuthenticationMode.present.rawValue
        guard let authentication = AuthenticationMode(rawValue: mode) else {
            throw FormatError("\(name): no mode of authentication is called \(mode)")
        }
        self.authentication = authentication
        steps = [try Self.step(&members, headers: headers, answers: answers, words: words, at: name)]
        for (index, value) in (try members.array("then") ?? []).enumerated() {
            let place = "\(name), then \(index + 1)"
            var members = try Members(value, at: place)
            steps.append(try Self.step(&members, headers: headers, answers: answers, words: words, at: place))
            try members.finish()
        }
        try members.finish()
    }

    private static func step(
        _ members: inout Members,
        headers: [(name: String, value: String)],
        answers: JSON.Object,
        words: Words,
        at place: String,
    ) throws(FormatError) -> Step {
        guard let request = members.take("request"), let expected = members.take("expect") else {
            throw FormatError("\(place) lacks a request or what is expected")
        }
        return Step(
            requests: try RequestForm.all(request, adding: headers, words: words, at: place),
            expected: try Expectation(expected, answers: answers, words: words, at: place),
        )
    }
}
