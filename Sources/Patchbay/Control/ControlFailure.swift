internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ControlAPI {
    /// The control plane's errors: problem details (RFC 9457).
    struct Failure: VendorFailure {
        private var status: Status
        private var detail: String
        private var headers: [(name: String, value: String)] = []
        /// What programs can read of the detail (RFC 9457, section 3.2).
        private var members: JSON.Object

        private init(_ status: Status, _ detail: String, _ members: JSON.Object = [:]) {
            self.status = status
            self.detail = detail
            self.members = members
        }

        init(_ problem: Problem) {
            switch problem {
            case .noSuchRoute(let path): self.init(.notFound, "There is no call \(path).")
            case .wrongMethod(let method, let allowed):
                self.init(.methodNotAllowed, "The method \(method.name) is none of \(allowed.joined(separator: ", ")).")
                headers = [("Allow", allowed.joined(separator: ", "))]
            case .malformedEscape: self.init(.badRequest, "A % is not followed by two hexadecimal digits.")
            case .unauthenticated:
                self.init(.unauthorized, "The call needs the admin token: Authorization: Bearer TOKEN.")
                headers = [("WWW-Authenticate", "Bearer realm=\"patchbay\"")]
            case .forbidden: self.init(.forbidden, "The call is not allowed.")
            case .badParameter(let name, let value, let reason):
                self.init(
                    .badRequest,
                    "The parameter \(name) \(reason), not \"\(value)\".",
                    ["parameter": .string(name)]
                )
            case .malformedBody(let reason, let line, let column):
                self.init(.badRequest, "The body is no JSON: line \(line), column \(column): \(reason)")
            case .unsupportedMediaType(let type):
                self.init(.unsupportedMediaType, "The body is \(type) where application/json belongs.")
            case .rateLimited: self.init(.tooManyRequests, "There are too many requests.")
            case .storage(let reason): self.init(.internalServerError, "The store failed: \(reason)")
            }
        }

        static func tooLarge(_ most: Int) -> Self {
            Self(.contentTooLarge, "The body is larger than \(most) bytes.", ["pointer": ""])
        }

        static func tooMuch(_ most: Int) -> Self {
            Self(.badRequest, "More than \(most) values would be compared: name a tenant, since, or less to look for.")
        }

        static func refused(_ reason: String) -> Self { Self(.forbidden, reason) }

        /// A name in the path that nothing of its kind has, "description" for instance, among those that there are.
        static func none(_ what: String, called name: String, among names: [String]) -> Self {
            Self(
                .notFound,
                "There is no \(what) \(quoted(name))" + known(names, near: name),
                choices(names, near: name)
            )
        }

        /// What is wrong with a value in the body.
        static func bad(at place: JSON.Pointer, _ reason: String) -> Self {
            Self(.badRequest, "\(subject(place)) \(reason).", ["pointer": .string("\(place)")])
        }

        /// A value in the body that is none of those it can be.
        static func unknown(
            _ name: String,
            at place: JSON.Pointer,
            among names: [String],
            as reason: String = "is not known"
        ) -> Self {
            Self(
                .badRequest,
                "\(subject(place)) \(reason)" + known(names, near: name),
                ["pointer": .string("\(place)")] + choices(names, near: name)
            )
        }

        /// A query parameter whose value means nothing.
        static func badParameter(
            _ name: String,
            _ reason: String,
            among names: [String] = [],
            near: String = ""
        ) -> Self {
            Self(
                .badRequest,
                "The parameter \(name) \(reason)" + known(names, near: near),
                ["parameter": .string(name)] + choices(names, near: near)
            )
        }

        /// A header whose value means nothing.
        static func badHeader(_ name: String, _ reason: String) -> Self {
            Self(.badRequest, "The header \(name) \(reason).", ["header": .string(name)])
        }

        /// What is asked for is not possible as things are.
        static func conflict(_ reason: String, _ members: JSON.Object = [:]) -> Self {
            Self(.conflict, reason, members)
        }

        /// The seeds are wrong, so that nothing is read of them.
        static func badSeeds(_ error: SeedError) -> Self {
            let findings = error.findings.map { finding in
                JSON.object([
                    "file": .string(finding.file), "place": .string(finding.place), "reason": .string(finding.reason),
                ])
            }
            return Self(
                .unprocessableContent,
                "The seeds are wrong, and everything is as it was. \(error.findings.first?.description ?? "")",
                ["findings": .array(findings)]
            )
        }

        private static func subject(_ place: JSON.Pointer) -> String {
            place.tokens.isEmpty ? "The body" : "The member \(place)"
        }

        static func brief(_ name: String) -> String { String(name.unicodeScalars.prefix(80)) }

        private static func quoted(_ text: String) -> String { "\"\(brief(text))\"" }

        /// What there is, and what was probably meant.
        private static func known(_ names: [String], near typed: String) -> String {
            guard !names.isEmpty else { return "." }
            let suggestion = Nearest.suggestion(for: typed, in: names)
            return "; there \(names.count == 1 ? "is" : "are") \(names.prefix(32).joined(separator: ", "))"
                + (names.count > 32 ? " and others" : "") + (suggestion.isEmpty ? "." : suggestion)
        }

        private static func choices(_ names: [String], near typed: String) -> JSON.Object {
            var members: JSON.Object = [:]
            if !names.isEmpty { members["allowed"] = .array(names.map(JSON.string)) }
            if let nearest = Nearest.name(to: typed, in: names) { members["nearest"] = .string(nearest) }
            return members
        }

        static func noTenant(_ name: String, among names: [String]) -> Self {
            Self(
                .notFound,
                "No tenant is called \(quoted(name))" + known(names, near: name),
                ["parameter": "tenant"] + choices(names, near: name)
            )
        }

        static func severalTenants(_ name: String, of apis: [String]) -> Self {
            let list = apis.joined(separator: ", ")
            return Self(
                .badRequest,
                "Several APIs have a tenant called \(quoted(name)), \(list): name one of them with api=.",
                ["parameter": "api", "allowed": .array(apis.map(JSON.string))]
            )
        }

        static func noResource(_ path: [String]) -> Self {
            Self(.notFound, "There is no resource \(path.joined(separator: "/")).")
        }

        static func noRequest(_ number: String, last: UInt64) -> Self {
            let newest = last == 0 ? "nothing was asked yet" : "the newest is \(last), and old ones are let go"
            return Self(.notFound, "The journal has no request \(quoted(number)); \(newest).")
        }

        static func noStep(_ event: String?, in state: String, possible: [String]) -> Self {
            let what = event.map { "\($0) cannot happen" } ?? "Nothing comes by itself"
            let others = possible.isEmpty ? "nothing can" : "what can is \(possible.joined(separator: ", "))"
            return Self(.conflict, "\(what) in the state \(state.isEmpty ? "of this resource" : state); \(others).")
        }

        static let notReady = Self(.serviceUnavailable, "The seeds are still being loaded.")

        func reply(to exchange: Exchange) -> Reply {
            Reply(
                status,
                headers: headers,
                contentType: "application/problem+json",
                json: Problem.document(status, detail, members),
            )
        }
    }
}

extension JSON.Object {
    /// The members of two objects.
    static func + (left: Self, right: Self) -> Self {
        var sum = left
        for (name, value) in right { sum[name] = value }
        return sum
    }
}
