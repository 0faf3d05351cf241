internal import APIKit

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
        resultInfo, perPage, counts, outOfRange, unset, order, unknownToken, emptyBearer, unroutable, accountID,
        emptyType, typeCase, memberOrder, unknownAccount, trailingSlash, head,
    ]
}
