internal import APIKit

/// Where the documents leave more than one reading (contract `atlas.md`, section 8).
enum Quirks {
    static let providerCase = Quirk(
        "atlas.providerCase",
        "Contract atlas.md, 8.2: the table lists AWS, GCP and Azure, an example on the same page AZURE.",
        ("any", "providerName is compared without regard to case."),
        ("exact", "AWS, GCP, Azure and AZURE only."),
    )
    static let providerInResults = Quirk(
        "atlas.providerInResults",
        "Contract atlas.md, 8.3: no documented body of version 1.0 has providerName, its OpenAPI description has.",
        ("absent", "Results have no providerName."),
        ("present", "Results have providerName."),
    )
    static let malformedGroup = Quirk(
        "atlas.malformedGroup",
        "Contract atlas.md, 8.4: the list of errors has INVALID_GROUP_ID, other path ids were recorded otherwise.",
        ("INVALID_GROUP_ID", "404 INVALID_GROUP_ID."),
        ("PATH_PARAM_PARSE_ERROR", "400 PATH_PARAM_PARSE_ERROR."),
    )
    static let linkQuery = Quirk(
        "atlas.linkQuery",
        "Contract atlas.md, 8.5: the document's own self link drops the query, recordings keep it.",
        ("kept", "Links keep the caller's parameters."),
        ("provider", "Of the caller's parameters links keep providerName."),
        ("dropped", "Links drop the caller's parameters."),
    )
    static let itemsPerPage = Quirk(
        "atlas.itemsPerPage",
        "Contract atlas.md, 8.6: the document says that the maximum is 500, and not what becomes of more.",
        ("capped", "More than 500 becomes 500."),
        ("refused", "More than 500 is refused with INVALID_QUERY_PARAMETER."),
    )
    static let includeCount = Quirk(
        "atlas.includeCount",
        "Contract atlas.md, 8.7: documents say that totalCount is left out, recordings of another list have 0 and no next.",
        ("absent", "includeCount=false leaves totalCount out."),
        ("zero", "includeCount=false gives totalCount 0 and no next link."),
    )
    static let envelopeMember = Quirk(
        "atlas.envelopeMember",
        "Contract atlas.md, 8.8: the reference page calls the member of an enveloped object content, resource pages envelope.",
        ("content", "content and status."),
        ("envelope", "envelope and status."),
    )
    static let unset = Quirk(
        "atlas.unset",
        "Contract atlas.md, 8.10: the example shows null, the reference page says that unset members are left out.",
        ("null", "Members without a value are null."),
        ("absent", "Members without a value are left out."),
    )
    static let challengeBody = Quirk(
        "atlas.challengeBody",
        "Contract atlas.md, 8.11: the body of the challenge was recorded without errorCode until July 2026, and with it since.",
        ("with-code", "Four members, errorCode among them."),
        ("without-code", "Three members; none at all in the answer to DELETE."),
    )
    static let missingRole = Quirk(
        "atlas.missingRole",
        "Contract atlas.md, 8.12: the reference page hints at 401 and 403, the list of errors has 401.",
        ("401", "401 USER_UNAUTHORIZED."),
        ("403", "403 ACCESS_FORBIDDEN."),
    )
    static let linkOrder = Quirk(
        "atlas.linkOrder",
        "Contract atlas.md, 8.16: recordings have self before next, documents list previous, next, self.",
        ("self-first", "self, previous, next."),
        ("self-last", "previous, next, self."),
        ("self-amid", "previous, self, next, as in a client's fixture."),
    )
    static let trailingSlash = Quirk(
        "atlas.trailingSlash",
        "Contract atlas.md, 8.17: nothing is said of a slash at the end of a path.",
        ("same", "It names the same resource."),
        ("other", "It leads nowhere."),
    )
    static let nonceLifetime = Quirk(
        "atlas.nonceLifetime",
        "Contract atlas.md, 8.21: a nonce is said to live for a short time.",
        ("300", "300 seconds."),
        ("30", "30 seconds."),
        ("1", "One second."),
    )
    static let nonceCount = Quirk(
        "atlas.nonceCount",
        "Contract atlas.md, 8.21: clients that keep a nonce count their requests (nc); whether a count serves twice is not said.",
        ("any", "Counts are signed, and not compared."),
        ("increasing", "A count that is not larger than those before it makes the nonce stale."),
    )
    static let stale = Quirk(
        "atlas.stale",
        "Contract atlas.md, 8.21: stale=true was never recorded.",
        ("marked", "A challenge says that the nonce, and nothing else, was wrong."),
        ("never", "Every challenge says stale=false."),
    )
    static let idCase = Quirk(
        "atlas.idCase",
        "Contract atlas.md, 8.22: the pattern of identifiers is lower case.",
        ("lower", "Upper-case digits make an identifier malformed."),
        ("any", "Identifiers are compared without regard to case."),
    )

    static let all = [
        providerCase, providerInResults, malformedGroup, linkQuery, itemsPerPage, includeCount, envelopeMember, unset,
        challengeBody, missingRole, linkOrder, trailingSlash, nonceLifetime, nonceCount, stale, idCase,
    ]
}
