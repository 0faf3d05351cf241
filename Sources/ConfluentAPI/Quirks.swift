internal import PatchbayAPIKit

/// Where the documents leave more than one reading (contract `confluent.md`, section 8).
enum Quirks {
    static let unauthenticated = Quirk(
        "confluent.unauthenticated",
        "Contract confluent.md, 2: the document has a full error object for 401, live answers a terse one.",
        ("documented", "id, status, code, title and detail."),
        ("terse", "id, status, detail \"Unauthorized\" and an empty source."),
    )
    static let phase = Quirk(
        "confluent.phase",
        "Contract confluent.md, 8.1: the document describes READY and lists ACTIVE in its place.",
        ("READY", "A phase is shown as the data has it."),
        ("ACTIVE", "READY is shown as ACTIVE."),
    )
    static let connectionType = Quirk(
        "confluent.connectionType",
        "Contract confluent.md, 8.2: the enumeration of connection types is closed in the document, open upstream.",
        ("closed", "Another type is refused with invalid_filter."),
        ("open", "Another type matches nothing; a new connection may have any of upper-case letters, digits and _."),
    )
    static let unknownParameter = Quirk(
        "confluent.unknownParameter",
        "Contract confluent.md, 8.3: the document's example of 400 is an unsupported filter, the guide says ignored.",
        ("refused", "A parameter that is not declared is refused with invalid_filter."),
        ("ignored", "A parameter that is not declared has no effect."),
    )
    static let pageSize = Quirk(
        "confluent.pageSize",
        "Contract confluent.md, 8.4: page_size has a maximum of 100; what becomes of more is not said.",
        ("refused", "More than 100 is refused."),
        ("clamped", "More than 100 becomes 100."),
    )
    static let lastNext = Quirk(
        "confluent.lastNext",
        "Contract confluent.md, 8.6: the last page \"does not contain\" next, the schema makes it nullable, fixtures have \"\".",
        ("empty", "next is \"\" on the last page."),
        ("null", "next is null on the last page."),
        ("absent", "The last page has no next."),
    )
    static let listMetadata = Quirk(
        "confluent.listMetadata",
        "Contract confluent.md, 8.7: the document merges a general list of links, the service's own has self and next.",
        ("all", "first, last, next, prev, self and total_size."),
        ("upstream", "next and self."),
    )
    static let resourceName = Quirk(
        "confluent.resourceName",
        "Contract confluent.md, 8.11: resource_name is \"\" in the example, and not in the upstream schema.",
        ("empty", "resource_name is \"\"."),
        ("absent", "There is no resource_name."),
    )
    static let authData = Quirk(
        "confluent.authData",
        "Contract confluent.md, 8.14: auth_data is not required in a list, and a client crashes without it.",
        ("present", "Each item has auth_data, the secret withheld."),
        ("absent", "Items have no auth_data."),
    )
    static let credentials = Quirk(
        "confluent.credentials",
        "Contract confluent.md, 8.19: the document declares Flink and global keys, the guide uses Cloud keys, the CLI tokens.",
        ("all", "Keys of every kind and tokens are taken."),
        ("declared", "Tokens, and keys of the kind cloud, are refused."),
    )
    static let errorID = Quirk(
        "confluent.errorID",
        "Contract confluent.md, 8.22: an error's id and X-Request-Id are both unique; how they are related is not said.",
        ("request", "The id is that of the request."),
        ("own", "The id is one of its own."),
    )
    static let unknownEnvironment = Quirk(
        "confluent.unknownEnvironment",
        "Contract confluent.md, 8.26: the list declares 404 and 403; which one an unknown environment gets is not said.",
        ("404", "404 resource_not_found."),
        ("403", "403 user_unauthorized."),
        ("empty", "Any organization and environment is there, and empty."),
    )
    static let tokenFilter = Quirk(
        "confluent.tokenFilter",
        "Contract confluent.md, 8.27: nothing is said of a page token that is sent with another filter than it was issued for.",
        ("refused", "It is refused."),
        ("token", "The token's filter counts."),
    )
    static let tokenSize = Quirk(
        "confluent.tokenSize",
        "Contract confluent.md, 8.27: page_size is said to count on the first request only, and clients repeat it.",
        ("token", "The size of the first request counts."),
        ("request", "The size of each request counts, where it names one."),
    )
    static let tokenLifetime = Quirk(
        "confluent.tokenLifetime",
        "Contract confluent.md, 4.1: page tokens are opaque, and nothing is said of how long they serve.",
        ("unlimited", "A page token serves for ever, and after a restart."),
        ("60", "A page token serves for 60 seconds."),
    )
    static let order = Quirk(
        "confluent.order",
        "Contract confluent.md, 8.25: the list is said to be sorted, and not by what.",
        ("name", "By name."),
        ("created", "By time of creation, then by name."),
    )
    static let names = Quirk(
        "confluent.names",
        "Contract confluent.md, 8.20: the pattern of a name allows lower case only, samples have Connection1 and my_connection.",
        ("pattern", "A name that the pattern does not allow is refused."),
        ("lenient", "A name may have upper-case letters and underscores too."),
    )
    static let secret = Quirk(
        "confluent.secret",
        "Contract confluent.md, 8.13: auth_data.data has the format byte, and is described as a plaintext JSON string.",
        ("any", "Any text is taken."),
        ("base64", "A text that is no base64 is refused."),
    )
    static let resourceVersion = Quirk(
        "confluent.resourceVersion",
        "Contract confluent.md, 8.15: upstream requires metadata.resource_version to replace a connection, and no client sends it.",
        ("optional", "Without it, whatever there is is replaced."),
        ("required", "Without it, the body is refused."),
    )
    static let replaced = Quirk(
        "confluent.replaced",
        "Contract confluent.md, 8.16: a replacement is answered with no body upstream, with the connection in the guide, with 201 in mocks.",
        ("connection", "200 and the connection."),
        ("empty", "200 without a body."),
        ("201", "201 and the connection."),
    )
    static let deleted = Quirk(
        "confluent.deleted",
        "Contract confluent.md, 8.16: a deletion is answered with 200 upstream, and with 204 in clients' mocks.",
        ("200", "200 without a body."),
        ("204", "204."),
    )
    static let missingConnection = Quirk(
        "confluent.missingConnection",
        "Contract confluent.md, 8.17: a missing connection is 404 upstream, 403 in a client's stub, as live compute pools are.",
        ("404", "404 resource_not_found."),
        ("403", "403 user_unauthorized."),
    )
    static let validation = Quirk(
        "confluent.validation",
        "Contract confluent.md, 8.21: a failed validation is 422 in the guide, and a replacement declares no 422.",
        ("declared", "422 for a new connection, 400 for a replacement."),
        ("422", "422 for both."),
        ("400", "400 for both."),
    )
    static let trailingSlash = Quirk(
        "confluent.trailingSlash",
        "Contract confluent.md, 8.29: nothing is said of a slash at the end of a path.",
        ("same", "It names the same resource."),
        ("other", "It leads nowhere."),
    )
    static let head = Quirk(
        "confluent.head",
        "Contract confluent.md, 8.29: nothing is said of HEAD.",
        ("as-get", "HEAD is answered wherever GET is."),
        ("refused", "HEAD is a wrong method."),
    )

    static let all = [
        unauthenticated, phase, connectionType, unknownParameter, pageSize, lastNext, listMetadata, resourceName,
        authData, credentials, errorID, unknownEnvironment, tokenFilter, tokenSize,
        tokenLifetime, order, names, secret, resourceVersion, replaced, deleted, missingConnection, validation,
        trailingSlash, head,
    ]
}
