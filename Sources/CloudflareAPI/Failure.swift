package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension CloudflareAPI {
    /// Cloudflare's errors: the gateway's, and the product's in the same envelope (contract `cloudflare.md`, section 5).
    package struct Failure: VendorFailure {
        /// A code and its message.
        struct Entry: Sendable {
            var code: Int
            var message: String

            var json: JSON.Object {
                ["code": .number(JSON.Number(code)), "message": .string(message)]
            }
        }

        private var status: Status
        private var entry: Entry
        /// What a general gateway error is made of.
        private var chain: [Entry] = []
        private var headers: [(name: String, value: String)] = []
        /// The product writes `result` first, the gateway before it `success`.
        private var isProduct = false
        /// What the error is under another reading.
        private var others: [(quirk: Quirk, reading: String, status: Status, entries: [Entry])] = []

        private init(_ status: Status, _ code: Int, _ message: String) {
            self.status = status
            entry = Entry(code: code, message: message)
        }

        package init(_ problem: Problem) {
            switch problem {
            case .noSuchRoute(let path): self = Self.noRoute(path)
            case .wrongMethod(_, let allowed):
                self.init(.methodNotAllowed, 10405, "Method not allowed for this authentication scheme")
                headers = [("Allow", allowed.joined(separator: ", "))]
            case .unauthenticated:
                self.init(.badRequest, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
            case .forbidden: self.init(.forbidden, 10000, "Authentication error")
            case .badParameter(let name, _, let reason):
                self = Self.invalid("\(name): \(reason)")
            case .rateLimited(let allowance):
                self.init(.tooManyRequests, 971, "Please wait and consider throttling your request speed")
                headers = CloudflareAPI.limitHeaders(allowance) + [("retry-after", String(allowance.resetsIn))]
            case .malformedBody(let reason, let line, let column):
                let message = "invalid json: bad json data: \(reason) at line \(line) column \(column)"
                self.init(.badRequest, 5102, message)
                isProduct = true
            case .unsupportedMediaType: self = .malformedHeaders([Self.malformedContentType])
            case .malformedEscape, .storage:
                self.init(.internalServerError, 10013, "An unknown error has occurred.")
                isProduct = true
            }
        }

        /// A token that is none of the service's, or that has run out.
        static let unknownToken: Self = {
            var failure = Self(.unauthorized, 10000, "Authentication error")
            failure.others = [Status.forbidden, .badRequest].map { status in
                (Quirks.unknownToken, String(status.code), status, [failure.entry])
            }
            return failure
        }()
        /// The same, where no account is asked about.
        static let invalidAccessToken = Self(.forbidden, 9109, "Invalid access token")
        /// An account that is none of the caller's, or none at all.
        static let unauthorizedResource = Self(.forbidden, 9109, "Unauthorized to access requested resource")
        /// What an account is told that asks for memberships, which users have.
        static let authenticationFailed = Self(.badRequest, 9106, "Authentication failed")
        static let invalidToken = Self(.unauthorized, 1000, "Invalid API Token")
        /// As quoted by users; the status is what `cloudflared` looks at.
        static let tunnelNameTaken = Self(
            .conflict,
            1013,
            "You already have a tunnel with this name. Delete the existing tunnel, or choose a different name for your "
                + "new tunnel",
        )
        /// No document has this one: code and message are ours.
        static let noSuchTunnel = Self(.notFound, 1003, "Tunnel not found")
        static let unknownKey = Self(.forbidden, 9103, "Unknown X-Auth-Key or X-Auth-Email")
        static let malformedAuthorization = Entry(code: 6111, message: "Invalid format for Authorization header")
        static let malformedEmail = Entry(code: 6102, message: "Invalid format for X-Auth-Email header")
        static let malformedKey = Entry(code: 6103, message: "Invalid format for X-Auth-Key header")

        static let malformedContentType = Entry(
            code: 6105,
            message: "Invalid Content-Type header, valid values are application/json,multipart/form-data",
        )

        /// A body, or what it asks for, that the product does not take.
        static func invalid(_ reason: String) -> Self {
            var failure = Self(.badRequest, 5101, "request contained invalid parameters: \(reason)")
            failure.isProduct = true
            return failure
        }

        static func noSuchService(_ id: String) -> Self {
            var failure = Self(.notFound, 5104, "Service (ID: \"\(id)\") not found")
            failure.isProduct = true
            return failure
        }

        static func malformedHeaders(_ chain: [Entry]) -> Self {
            var failure = Self(.badRequest, 6003, "Invalid request headers")
            failure.chain = chain
            return failure
        }

        private static func noRoute(_ path: String) -> Self {
            let plain = Self(.notFound, 7000, "No route for that URI")
            guard path.hasPrefix("/client/v4/accounts/") else { return plain }
            let message = "Could not route to \(path), perhaps your object identifier is invalid?"
            var failure = Self(.notFound, 7003, message)
            failure.others = [(Quirks.unroutable, "400", .badRequest, [failure.entry, plain.entry])]
            return failure
        }

        package static let catalogue: [(name: String, failure: Self)] = [
            ("9106", Self(.unauthenticated)),
            ("6003", malformedHeaders([malformedAuthorization])),
            ("9103", unknownKey),
            ("10000 unknown", unknownToken),
            ("10000 forbidden", Self(.forbidden)),
            ("9109", invalidAccessToken),
            ("9109 account", unauthorizedResource),
            ("9106 account", authenticationFailed),
            ("1000", invalidToken),
            ("1013", tunnelNameTaken),
            ("1003", noSuchTunnel),
            ("7003", noRoute("/client/v4/accounts//connectivity/directory/services")),
            ("7000", noRoute("/client/v4/nope")),
            ("10405", Self(.wrongMethod(.patch, allowed: ["GET", "HEAD"]))),
            ("5101", Self(.badParameter(name: "page", value: "0", reason: "must be ≥ 1"))),
            ("5101 name", invalid("Service name 'web-app' already exists")),
            ("5101 tunnel", invalid("Tunnel ID Not Found")),
            ("5104", noSuchService("00000000-0000-4000-8000-00000000abcd")),
            ("6003 content", Self(.unsupportedMediaType("text/plain"))),
            ("5102", Self(.malformedBody(reason: "EOF while parsing an object", line: 1, column: 1))),
            ("971", Self(.rateLimited(.usedUp()))),
            ("10013", Self(.storage(""))),
        ].led(by: ["5101", "10000 forbidden", "5104"])

        package func reply(to exchange: Exchange) -> Reply {
            let other = others.first { exchange.quirks.take($0.quirk, $0.reading) }
            let errors = JSON.array(
                (other?.entries ?? [entry]).map { entry in
                    var error = entry.json
                    if !chain.isEmpty { error["error_chain"] = .array(chain.map { .object($0.json) }) }
                    return .object(error)
                }
            )
            let body: JSON =
                isProduct
                ? ["result": nil, "success": false, "errors": errors, "messages": []]
                : ["success": false, "errors": errors, "messages": [], "result": nil]
            return Reply(other?.status ?? status, headers: headers, json: body)
        }
    }
}
