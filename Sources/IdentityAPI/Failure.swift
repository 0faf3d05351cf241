package import PatchbayAPIKit
internal import PatchbayHTTP
package import PatchbayOTCKit

extension IdentityAPI {
    /// The service's errors: Keystone's, with the status, its name, and a text.
    package struct Failure: OTCFailure {
        package let fault: OTCFault

        package init(_ fault: OTCFault) {
            self.fault = fault
        }

        package func reply(to exchange: Exchange) -> Reply {
            error(exchange.quirks).reply(to: exchange, envelope: .titled)
        }

        private func error(_ quirks: Readings) -> OTCError {
            switch fault {
            case .problem(let problem): Self.error(for: problem)
            case .refusal(let refusal): Self.error(for: refusal, quirks)
            case .coded(let error): error
            }
        }

        package static func error(for problem: Problem) -> OTCError {
            switch problem {
            case .noSuchRoute: noSuchResource
            case .wrongMethod(_, let allowed): wrongMethod(allowed)
            case .malformedBody, .malformedEscape: malformed
            case .badParameter(let name, _, _): invalid("a valid \(name)", in: "query string")
            case .unsupportedMediaType: invalid("application/json", in: "Content-Type header")
            case .unauthenticated: unauthenticated
            case .forbidden: forbidden
            case .rateLimited: throttled
            case .storage: unexpected
            }
        }
    }
}

/// The code of an error is its name in the catalogue; the body has the status in its place.
extension IdentityAPI.Failure {
    static let malformed = OTCError(.badRequest, "malformed body", "The request body is invalid")
    static let unauthenticated = OTCError(
        .unauthorized,
        "unauthenticated",
        "The request you have made requires authentication.",
    )
    private static let forbidden = OTCError(
        .forbidden,
        "forbidden",
        "You are not authorized to perform the requested action.",
    )
    private static let noSuchResource = OTCError(.notFound, "no such resource", "The resource could not be found.")
    private static let throttled = OTCError(.tooManyRequests, "too many requests", "Too many requests.")
    private static let unexpected = OTCError(
        .internalServerError,
        "unexpected",
        "An unexpected error prevented the server from fulfilling your request.",
    )

    private static func wrongMethod(_ allowed: [String]) -> OTCError {
        var error = OTCError(
            .methodNotAllowed,
            "wrong method",
            "The method specified in the request is not allowed for the requested resource.",
        )
        error.headers = [("Allow", allowed.joined(separator: ", "))]
        return error
    }

    private static func invalid(_ expected: String, in place: String) -> OTCError {
        OTCError(
            .badRequest,
            "invalid \(place)",
            "Expecting to find \(expected) in \(place) - the server could not comply with the request since it is "
                + "either malformed or otherwise incorrect. The client is assumed to be in error.",
        )
    }

    static let malformedBody = Self(.coded(malformed))
    static let tooLarge = coded(.contentTooLarge, "body too large", "The request entity is too large.")
    static let denied = Self(.coded(forbidden))
    static let noToken = coded(.notFound, "no such token", "Could not find token.")
    static let unsupportedMethod = coded(
        .unauthorized,
        "unsupported method",
        "Attempted to authenticate with an unsupported method.",
    )

    /// The two texts that are known for one error.
    static func wrongPassword(_ quirks: Readings) -> Self {
        quirks.take(Quirks.wrongPassword, "live") ? unauthorized : wrongPassword
    }
    private static let wrongPassword = coded(.unauthorized, "wrong password", "The username or password is wrong.")
    private static let unauthorized = coded(.unauthorized, "unauthorized", "Unauthorized.")

    /// Nothing that a token could be for.
    static func noScope(_ kind: String, _ name: String, _ quirks: Readings) -> Self {
        guard quirks.take(Quirks.unknownProject, "404") else { return Self(.coded(unauthenticated)) }
        return coded(.notFound, "no such \(kind)", "Could not find \(kind): \(name)")
    }

    package static let catalogue: [(name: String, failure: Self)] =
        [
            malformed, invalid("a valid page", in: "query string"),
            invalid("application/json", in: "Content-Type header"),
            unauthenticated, forbidden, noSuchResource, wrongMethod(["GET"]), throttled, unexpected,
        ].map { ($0.code, Self(.coded($0))) } + [
            ("body too large", tooLarge), ("no such token", noToken), ("unsupported method", unsupportedMethod),
            ("wrong password", wrongPassword), ("unauthorized", unauthorized),
            ("no such project", noScope("project", "name", Readings())),
            ("no such domain", noScope("domain", "name", Readings())),
        ]
}
