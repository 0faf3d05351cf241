internal import PatchbayAPIKit

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

    static let malformedPeer = Quirk(
        "atlas.malformedPeer",
        "Contract atlas.md, 8.4: the list of errors has INVALID_PEER_ID, recordings have PATH_PARAM_PARSE_ERROR.",
        ("PATH_PARAM_PARSE_ERROR", "400 PATH_PARAM_PARSE_ERROR."),
        ("INVALID_PEER_ID", "404 INVALID_PEER_ID."),
    )
    static let peerNotFound = Quirk(
        "atlas.peerNotFound",
        "Contract atlas.md, 8.14: the text of PEER_NOT_FOUND ends in a project, in an older list of errors in a group.",
        ("project", "No peer with ID … exists in project …."),
        ("group", "No peer with ID … exists in group …."),
    )
    static let creationStatus = Quirk(
        "atlas.creationStatus",
        "Contract atlas.md, 8.9: the OpenAPI description says 200 of creations, other creations were recorded with 201.",
        ("200", "Creations answer 200."),
        ("201", "Creations answer 201."),
    )
    static let containerDeletion = Quirk(
        "atlas.containerDeletion",
        "Contract atlas.md, 8.9: the OpenAPI description says 204 of the deletion of a container, others so described "
            + "were recorded with 202.",
        ("204", "204 without a body."),
        ("202", "202 with an empty object."),
    )
    static let accepterRegion = Quirk(
        "atlas.accepterRegion",
        "Contract atlas.md, 8.13: the OpenAPI description requires accepterRegionName, the document has null in answers.",
        ("optional", "Without it, the peer VPC is in the container's region."),
        ("required", "A creation without it is refused with MISSING_ATTRIBUTE."),
    )
    static let vpcId = Quirk(
        "atlas.vpcId",
        "Contract atlas.md, 8.18: the OpenAPI description has 17 hexadecimal digits, examples have others.",
        ("any", "vpc- and anything."),
        ("hexadecimal", "vpc- and 17 hexadecimal digits."),
    )
    static let malformedContainer = Quirk(
        "atlas.malformedContainer",
        "Contract atlas.md, 4.2: a malformed containerId in a body was answered 500 in reports of 2019 and 2020.",
        ("404", "404 CLOUD_PROVIDER_CONTAINER_NOT_FOUND, as for one that there is not."),
        ("500", "500 UNEXPECTED_ERROR."),
    )
    static let version = Quirk(
        "atlas.version",
        "Contract atlas.md, 8.20: for a request without a version the versioning page says 406, the list of errors 400.",
        ("406", "406 INVALID_VERSION_DATE."),
        ("400", "400 INVALID_VERSION_DATE."),
    )

    static let all = [
        providerCase, providerInResults, malformedGroup, malformedPeer, linkQuery, itemsPerPage, includeCount,
        envelopeMember, creationStatus, containerDeletion, unset, challengeBody, missingRole, accepterRegion,
        peerNotFound, linkOrder, trailingSlash, vpcId, malformedContainer, version, nonceLifetime, nonceCount, stale,
        idCase,
    ]
}
