internal import PatchbayJSON

/// What an answer must be.
struct Expectation: Sendable {
    /// Following a link from page to page until there is none.
    struct Walk: Sendable {
        var next: Place
        var collect: Place
        var pages: Int
        var all: Template
    }

    var status: Int
    var headers: [(name: String, value: Template)] = []
    var body: Template?
    var bytes: String?
    var isEmpty = false
    var places: [(text: String, place: Place, value: Template)] = []
    /// The vector whose answer has the same body.
    var sameAs: String?
    /// The vector whose answer has the same headers, but for those that are never the same.
    var sameHeadersAs: String?
    var walk: Walk?

    /// Reads an expectation.
    ///
    /// - Parameters:
    ///   - value: an object, or the name of one of the file's answers, which an object may also build upon ("as").
    ///   - answers: the file's named answers.
    ///   - words: what names in braces mean.
    ///   - place: where it stands, for errors.
    /// - Throws: when it is not of this form.
    init(_ value: JSON, answers: JSON.Object, words: Words, at place: String) throws(FormatError) {
        let whole = try Self.merged(value, answers: answers, at: place)
        var members = try Members(try words.expand(.object(whole)), at: place)
        guard let status = try members.integer("status") else { throw FormatError("\(place): there is no status") }
        self.status = status
        for (name, value) in try members.object("headers") ?? [:] {
            headers.append((name, try Template(value == .null ? ["$absent": true] : value)))
        }
        body = try members.take("body").map { value throws(FormatError) in try Template(value) }
        bytes = try members.string("bytes")
        isEmpty = members.take("empty") == true
        for (text, value) in try members.object("at") ?? [:] {
            places.append((text, try Place(text), try Template(value)))
        }
        sameAs = try members.string("sameAs")
        sameHeadersAs = try members.string("sameHeadersAs")
        walk = try members.take("walk").map { value throws(FormatError) in try Walk(value, at: place) }
        try members.finish()
    }

    private static func merged(_ value: JSON, answers: JSON.Object, at place: String) throws(FormatError) -> JSON.Object
    {
        var own = value.objectValue ?? [:]
        guard let name = value.stringValue ?? own["as"]?.stringValue else { return own }
        guard let answer = answers[name] else { throw FormatError("\(place): no answer is called \(name)") }
        own["as"] = nil
        var whole = try merged(answer, answers: answers, at: "answers/\(name)")
        for (name, value) in own {
            guard ["headers", "at"].contains(name), var members = whole[name]?.objectValue, let own = value.objectValue
            else {
                whole[name] = value
                continue
            }
            for (name, value) in own { members[name] = value }
            whole[name] = .object(members)
        }
        return whole
    }
}

extension Expectation.Walk {
    fileprivate init(_ value: JSON, at place: String) throws(FormatError) {
        var members = try Members(value, at: place + ": walk")
        guard
            let next = try members.string("next"), let collect = try members.string("collect"),
            let pages = try members.integer("pages"), let all = members.take("all")
        else { throw FormatError("\(place): a walk has next, collect, pages and all") }
        try members.finish()
        self.init(next: try Place(next), collect: try Place(collect), pages: pages, all: try Template(all))
    }
}
