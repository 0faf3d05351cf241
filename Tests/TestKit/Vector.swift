internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// A row of a contract's table of test vectors, or a part of one.
struct Vector: Sendable {
    /// A request, or some that are answered alike, and what is expected.
    struct Step: Sendable {
        var requests: [RequestForm]
        var expected: Expectation
        /// What time it becomes before the requests.
        var now: String?
    }

    var name: String
    var says: String
    /// The statements of the vendor's document that it proves.
    var proves: [String]
    /// Readings other than the decided ones.
    var quirks: [String]
    var seed: JSON?
    var now: String?
    /// How fast lifecycles go.
    var pace = Lifecycle.Pace.immediate
    /// The modes of authentication that it holds in.
    var modes: [AuthenticationMode]
    /// The requests of the first step are alternatives, each with an emulator of its own; later ones follow each other.
    var steps: [Step]

    init(
        _ value: JSON,
        mode usual: String?,
        common: RequestForm.Common,
        answers: JSON.Object,
        words: Words,
    ) throws(FormatError) {
        guard let name = value["name"]?.stringValue else { throw FormatError("a vector has no name") }
        var members = try Members(value, at: name)
        _ = members.take("name")
        self.name = name
        says = try members.string("says") ?? ""
        proves = (try members.array("proves") ?? []).compactMap(\.stringValue)
        quirks = (try members.object("quirks") ?? [:]).map { "\($0.name)=\($0.value.stringValue ?? "")" }
        seed = try members.take("seed").map { value throws(FormatError) in try words.expand(value) }
        now = try members.string("now")
        if let name = try members.string("lifecycle") {
            guard let pace = Lifecycle.Pace(rawValue: name) else {
                throw FormatError("\(self.name): no pace of lifecycles is called \(name)")
            }
            self.pace = pace
        }
        modes = [.present, .known]
        if let mode = try members.string("auth") ?? usual {
            guard let authentication = AuthenticationMode(rawValue: mode) else {
                throw FormatError("\(name): no mode of authentication is called \(mode)")
            }
            modes = [authentication]
        }
        steps = [try Self.step(&members, common: common, answers: answers, words: words, at: name)]
        for (index, value) in (try members.array("then") ?? []).enumerated() {
            let place = "\(name), then \(index + 1)"
            var members = try Members(value, at: place)
            let now = try members.string("now")
            steps.append(try Self.step(&members, common: common, answers: answers, words: words, at: place))
            steps[steps.count - 1].now = now
            try members.finish()
        }
        try members.finish()
    }

    private static func step(
        _ members: inout Members,
        common: RequestForm.Common,
        answers: JSON.Object,
        words: Words,
        at place: String,
    ) throws(FormatError) -> Step {
        guard let request = members.take("request"), let expected = members.take("expect") else {
            throw FormatError("\(place) lacks a request or what is expected")
        }
        return Step(
            requests: try RequestForm.all(request, adding: common, words: words, at: place),
            expected: try Expectation(expected, answers: answers, words: words, at: place),
        )
    }
}
