package import PatchbayAPIKit
package import PatchbayHTTP
package import PatchbayJSON
package import PatchbayStore

/// What all Open Telekom Cloud services have in common: who may send requests, and the gateway before them.
package protocol OTCService: API where Credentials == OTCCredentials, Identity == OTCIdentity, Failure: OTCFailure {
    /// The readings of what the cloud's gateway does.
    static var gateway: GatewayQuirks { get }
}

extension OTCService {
    /// The gateway checks escapes before it looks for an API, and an API before it looks at credentials.
    package static var checks: [Check] { [.encoding, .route, .credentials, .identity] }

    package static var root: (collection: Collection, capture: String)? { (OTC.projects, "project_id") }

    package static var errorSchema: JSON.Object { OTC.errorSchema }

    package static var securitySchemes: [[(name: String, scheme: JSON.Object)]] { OTC.securitySchemes }

    package static var queryRules: QueryRules { QueryRules(repeated: .first, emptyIsAbsent: true) }

    /// The cloud's gateway bounds bodies, targets and headers, and says so in its own words.
    package static func refusal(_ status: Status) -> Failure? {
        OTCError.tooLarge(status).map { Failure(.coded($0)) }
    }

    /// The cloud's gateway takes a path with a slash at its end for another API.
    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { false }

    package static func answersHead(_ quirks: Readings) -> Bool { quirks.take(gateway.head, "as-get") }

    package static func refusesMalformedEscapes(_ quirks: Readings) -> Bool {
        quirks.take(gateway.malformedEscape, "refused")
    }

    package static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] {
        [("X-Request-Id", id.hexadecimal)]
    }

    /// Refuses an action in a project that the sender may not do there.
    package static func authorize(
        _ action: String,
        in project: String,
        _ call: borrowing Call<Self>
    ) throws(Failure) {
        guard let identity = call.identity else { return }
        var owner: String?
        if let row = try call.find(OTC.projects, project) {
            owner = try call.document(OTC.projects, row)?["domain_id"]?.stringValue
        }
        let named = call.request.headers["X-Project-Id"]
        if let refusal = identity.refusal(of: action, in: project, owner: owner, named: named) {
            throw Failure(refusal)
        }
    }
}

/// Tokens and signatures, which the services and the identity service take alike.
extension API where Credentials == OTCCredentials, Identity == OTCIdentity, Failure: OTCFailure {
    package static func credentials(of call: borrowing Call<Self>) throws(Failure) -> OTCCredentials {
        do throws(OTCRefusal) {
            return try OTCCredentials(call.request)
        } catch {
            throw Failure(error)
        }
    }

    package static func identify(
        _ credentials: OTCCredentials,
        _ call: borrowing Call<Self>
    ) throws(Failure) -> OTCIdentity {
        try OTCIdentity(credentials, call)
    }
}

/// What the cloud's gateway does before every service, where the documents leave it open.
package struct GatewayQuirks: Sendable {
    package let wrongMethod: Quirk
    package let head: Quirk
    package let malformedEscape: Quirk
    package let staleSignature: Quirk

    /// All of them, for a list.
    package var all: [Quirk] { [wrongMethod, head, malformedEscape, staleSignature] }

    /// Declares them for a service.
    ///
    /// - Parameters:
    ///   - api: the service's name.
    ///   - sections: where the service's contract speaks of wrong methods, of HEAD, of escapes, of stale signatures.
    package init(of api: String, sections: (method: String, head: String, escape: String, signature: String)) {
        let section = { (number: String) in "Contract \(api).md, \(number): " }
        wrongMethod = Quirk(
            "\(api).wrongMethod",
            section(sections.method) + "the generic list of status codes has 405, the gateway's guide answers 404.",
            ("404", "404 APIGW.0101, as for an unknown path."),
            ("405", "405 APIGW.0101 with Allow."),
        )
        head = Quirk(
            "\(api).head",
            section(sections.head) + "the gateway publishes each method for itself; HTTP wants the headers of GET.",
            ("as-get", "HEAD is answered wherever GET is."),
            ("refused", "HEAD is a wrong method."),
        )
        malformedEscape = Quirk(
            "\(api).malformedEscape",
            section(sections.escape) + "nothing is said of a % without two hexadecimal digits.",
            ("refused", "400 APIGW.0201 before anything else is looked at."),
            ("literal", "The text is taken as it was received."),
        )
        staleSignature = Quirk(
            "\(api).staleSignature",
            section(sections.signature)
                + "the signing guide counts it as a wrong signature, both clouds really name the two times.",
            ("named", "\"signature expired, signature time:…,server time:…\"."),
            ("wrong-signature", "\"verify aksk signature fail\", as for any other wrong signature."),
        )
    }
}
