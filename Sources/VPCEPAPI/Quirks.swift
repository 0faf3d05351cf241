internal import PatchbayAPIKit
internal import PatchbayOTCKit

/// Where the documents leave more than one reading (contract `vpcep.md`, section 8).
enum Quirks {
    static let limitZero = Quirk(
        "vpcep.limitZero",
        "Contract vpcep.md, 8.1: every edition of the page says 0 to 1000, the generated schema has 1 as its minimum.",
        ("empty", "limit=0 is answered with no rows and the true total."),
        ("refused", "limit=0 is refused with EndPoint.0006."),
    )
    static let offsetBeyond = Quirk(
        "vpcep.offsetBeyond",
        "Contract vpcep.md, 8.2: offset is to be \"less than the number of endpoint services\", a client asks for more.",
        ("empty", "An offset at or after the end is answered with no rows."),
        ("refused", "An offset at or after the end of a list with rows is refused with EndPoint.0010."),
    )
    static let sortKeys = Quirk(
        "vpcep.sortKeys",
        "Contract vpcep.md, 8.3: editions of the page spell the keys create_at, or created_at.",
        ("both", "Both spellings are taken."),
        ("create_at", "create_at and update_at only, as in the document."),
        ("created_at", "created_at and updated_at only, as in later editions."),
    )
    static let markerID = Quirk(
        "vpcep.markerID",
        "Contract vpcep.md, 8.4: marker_id is a string in the query and an integer in the answer.",
        ("integer", "It is compared as a number; text is refused with EndPoint.0021."),
        ("text", "Text that is no number matches nothing, and is no error."),
    )
    static let id = Quirk(
        "vpcep.id",
        "Contract vpcep.md, 4.1: the table of error codes has 2017 \"Invalid endpoint ID.\"; the filter may be any text.",
        ("any", "An id that is none matches nothing."),
        ("uuid", "An id that is no lower-case UUID is refused with EndPoint.2017."),
    )
    static let status = Quirk(
        "vpcep.status",
        "Contract vpcep.md, 8.6 and 8.7: the document has no filter by status, later pages have it with four words.",
        ("six", "All six states are taken."),
        ("four", "pendingAcceptance, accepted, rejected and failed only."),
        ("ignored", "status is an unknown parameter, as in the document."),
    )
    static let unknownService = Quirk(
        "vpcep.unknownService",
        "Contract vpcep.md, 8.8: the table has both 404 EndPoint.0005 and 400 EndPoint.2003.",
        ("0005", "404 EndPoint.0005, on which clients rely."),
        ("2003", "400 EndPoint.2003."),
    )
    static let malformedService = Quirk(
        "vpcep.malformedService",
        "Contract vpcep.md, 8.9: the table has 400 EndPoint.3062 for an invalid endpoint service ID.",
        ("not-found", "An identifier that is no UUID is answered as any unknown one."),
        ("refused", "What is no lower-case UUID gets 400 EndPoint.3062, before the parameters are looked at."),
    )
    static let errorEnvelope = Quirk(
        "vpcep.errorEnvelope",
        "Contract vpcep.md, 8.10: the pages of error codes are flat, generated pages describe a nested object.",
        ("flat", "error_code and error_msg."),
        ("nested", "error with code and message."),
    )
    static let authErrors = Quirk(
        "vpcep.authErrors",
        "Contract vpcep.md, 2.4 and 8.11: the service has codes of its own, callers mostly see those of the gateway.",
        ("product", "EndPoint.0003 and EndPoint.0004."),
        ("gateway", "APIGW.0301 and its siblings."),
    )
    static let integers = Quirk(
        "vpcep.integers",
        "Contract vpcep.md, 8.21: limit and offset are typed Integer, of signs nothing is said.",
        ("digits", "Digits alone."),
        ("signed", "A minus sign is read too, so that -0 is 0."),
    )

    static let deleteStatus = Quirk(
        "vpcep.deleteStatus",
        "Contract vpcep.md, 8.12: notes on two pages say that 200 is returned, the page of status codes has 204.",
        ("204", "204 No Content."),
        ("200", "200 OK without a body."),
    )
    static let receiveAccepted = Quirk(
        "vpcep.receiveAccepted",
        "Contract vpcep.md, 8.16: the table has 2014 \"The endpoint has been connected\", but not for which request.",
        ("refused", "Accepting what is accepted is refused with EndPoint.2014."),
        ("unchanged", "Accepting what is accepted changes nothing, and is no error."),
    )
    static let emptyBody = Quirk(
        "vpcep.emptyBody",
        "Contract vpcep.md, 8.17: the table has 504 EndPoint.0011 \"The request body is null.\".",
        ("1004", "400 EndPoint.1004, as for a body that is no JSON."),
        ("0011", "504 EndPoint.0011 when there is no body."),
    )

    static let isCharge = Quirk(
        "vpcep.isCharge",
        "Contract vpcep.md, 4.6: is_charge is typed Boolean, and the samples have it in quotes.",
        ("boolean", "true, as clients read it."),
        ("text", "\"true\", as in the samples."),
    )

    static let all =
        [
            limitZero, offsetBeyond, sortKeys, id, markerID, status, unknownService, malformedService, errorEnvelope,
            authErrors, integers, deleteStatus, receiveAccepted, emptyBody, isCharge,
        ] + VPCEPAPI.gateway.all
}
