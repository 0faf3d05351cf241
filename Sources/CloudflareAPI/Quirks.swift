internal import PatchbayAPIKit

/// Where the documents leave more than one reading (contract `cloudflare.md`, section 8).
enum Quirks {
    static let resultInfo = Quirk(
        "cloudflare.resultInfo",
        "Contract cloudflare.md, 8.1: result_info is optional in the document, and was absent from a recorded list.",
        ("present", "Lists have result_info."),
        ("absent", "Lists have no result_info."),
    )
    static let perPage = Quirk(
        "cloudflare.perPage",
        "Contract cloudflare.md, 8.2: the document's example has 20, the specification a default of 1000.",
        ("1000", "A page has up to 1000 services unless asked otherwise."),
        ("20", "A page has up to 20 services unless asked otherwise."),
    )
    static let counts = Quirk(
        "cloudflare.counts",
        "Contract cloudflare.md, 8.3: the words for count and total_count do not fit the arithmetic of their example.",
        ("page", "count is of the page, total_count of all that match."),
        ("words", "count is of all that match, total_count of all without a filter."),
    )
    static let outOfRange = Quirk(
        "cloudflare.outOfRange",
        "Contract cloudflare.md, 8.4: page and per_page have ranges; what becomes of other numbers is not said.",
        ("refused", "A number beyond its range is refused with 5101."),
        ("clamped", "A number beyond its range becomes the nearest within."),
    )
    static let unset = Quirk(
        "cloudflare.unset",
        "Contract cloudflare.md, 8.5 and 8.6: unset members are absent from all examples and null in live answers.",
        ("absent", "Members without a value are left out."),
        ("null", "Unset ports, app_protocol and members of host are null."),
    )
    static let createdAt = Quirk(
        "cloudflare.createdAt",
        "Contract cloudflare.md, 8.8: recorded answers to PUT have a new created_at; the document's example cannot have.",
        ("preserved", "A replacement leaves created_at as it was."),
        ("reset", "Every write sets created_at too, so that it equals updated_at; the order of lists stays."),
    )
    static let createStatus = Quirk(
        "cloudflare.createStatus",
        "Contract cloudflare.md, 8.9: the specification and recorded answers have 200, habit 201.",
        ("200", "A creation is answered with 200."),
        ("201", "A creation is answered with 201."),
    )
    static let deleteBody = Quirk(
        "cloudflare.deleteBody",
        "Contract cloudflare.md, 8.10: the specification has no body, recorded answers have one, a client takes 204 too.",
        ("envelope", "200 with the envelope and a result of null."),
        ("none", "200 without a body."),
        ("204", "204."),
    )
    static let serviceID = Quirk(
        "cloudflare.serviceID",
        "Contract cloudflare.md, 8.12: the document's example has a random identifier, recorded answers timed ones.",
        ("7", "New identifiers are UUIDs of version 7, which rise with the time."),
        ("4", "New identifiers are UUIDs of version 4."),
    )
    static let tunnels = Quirk(
        "cloudflare.tunnels",
        "Contract cloudflare.md, 8.18: the service refuses tunnels that it does not know; a double cannot know all.",
        ("any", "Any UUID is a tunnel, but for two that are next to nil."),
        ("registered", "Tunnels are those of the account, from seeds or created through the API."),
    )
    static let malformedID = Quirk(
        "cloudflare.malformedID",
        "Contract cloudflare.md, 8.19: a service_id is a UUID by the specification; clients' tests use other texts.",
        ("5104", "Another text is the identifier of no service: 404 with 5104."),
        ("7003", "Another text makes a path that leads nowhere: 404 with 7003."),
    )
    static let order = Quirk(
        "cloudflare.order",
        "Contract cloudflare.md, 8.13: no order is documented.",
        ("created", "By time of creation, then by identifier."),
        ("id", "By identifier."),
    )
    static let unknownToken = Quirk(
        "cloudflare.unknownToken",
        "Contract cloudflare.md, 8.14: an unknown token was seen answered with 10000 and three statuses.",
        ("401", "401 with 10000."),
        ("403", "403 with 10000."),
        ("400", "400 with 10000."),
    )
    static let emptyBearer = Quirk(
        "cloudflare.emptyBearer",
        "Contract cloudflare.md, 8.15: \"Bearer\" without a token was seen answered in two ways.",
        ("6003", "400 with 6003, as for any malformed header."),
        ("9106", "400 with 9106, as without credentials."),
    )
    static let unroutable = Quirk(
        "cloudflare.unroutable",
        "Contract cloudflare.md, 8.16: recent answers have 404 with 7003 alone, older ones 400 with 7003 and 7000.",
        ("404", "404 with 7003."),
        ("400", "400 with 7003 and 7000."),
    )
    static let accountID = Quirk(
        "cloudflare.accountID",
        "Contract cloudflare.md, 8.20: the document bounds the length alone; real identifiers are 32 hexadecimal digits.",
        ("lenient", "Up to 32 letters, digits, dashes and underscores."),
        ("strict", "32 lower-case hexadecimal digits."),
    )
    static let emptyType = Quirk(
        "cloudflare.emptyType",
        "Contract cloudflare.md, 8.21: type is nullable and an enumeration; nothing is said of an empty one.",
        ("refused", "An empty type is refused with 5101."),
        ("ignored", "An empty type is as good as none."),
    )
    static let typeCase = Quirk(
        "cloudflare.typeCase",
        "Contract cloudflare.md, 8.22: the enumeration is lower case, a client compares without regard to case.",
        ("exact", "tcp and http only."),
        ("any", "type is compared without regard to case."),
    )
    static let memberOrder = Quirk(
        "cloudflare.memberOrder",
        "Contract cloudflare.md, 8.23: the live service and the document's example have members in different orders.",
        ("live", "result, success, errors, messages; a service begins with service_id."),
        ("page", "errors, messages, success, result; a service begins with host, name and type."),
    )
    static let unknownAccount = Quirk(
        "cloudflare.unknownAccount",
        "Contract cloudflare.md, 8.25: nobody has a permission on an account that is not there; a double cannot know all.",
        ("empty", "An account that no seed names has no services."),
        ("403", "403 with 10000."),
    )
    static let trailingSlash = Quirk(
        "cloudflare.trailingSlash",
        "Contract cloudflare.md, 8.27: nothing is said of a slash at the end of a path.",
        ("same", "It names the same resource."),
        ("other", "It leads nowhere."),
    )
    static let head = Quirk(
        "cloudflare.head",
        "Contract cloudflare.md, 8.27: nothing is said of HEAD.",
        ("as-get", "HEAD is answered wherever GET is."),
        ("refused", "HEAD is a wrong method."),
    )

    static let all = [
        resultInfo, perPage, counts, outOfRange, unset, createdAt, createStatus, deleteBody, serviceID, tunnels,
        malformedID, order, unknownToken, emptyBearer, unroutable, accountID,
        emptyType, typeCase, memberOrder, unknownAccount, trailingSlash, head,
    ]
}
