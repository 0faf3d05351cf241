internal import PatchbayAPIKit
internal import PatchbayOTCKit

/// Where the documents leave more than one reading (contract `apig.md`, section 8).
enum Quirks {
    static let limit = Quirk(
        "apig.limit",
        "Contract apig.md, 8.1: limit has a minimum and a maximum, and is \"converted\" beyond them.",
        ("clamped", "A limit beyond its range is converted."),
        ("refused", "A limit beyond its range is refused with APIC.7211."),
    )
    static let notInteger = Quirk(
        "apig.notInteger",
        "Contract apig.md, 8.2: the page lists no 400, sibling pages have APIC.7211.",
        ("refused", "A number that is none is refused with APIC.7211."),
        ("default", "A number that is none is as good as none."),
    )
    static let unknownInstance = Quirk(
        "apig.unknownInstance",
        "Contract apig.md, 8.3: the page knows APIC.7314 only, the pages of gateways answer APIC.7302.",
        ("7314", "An unknown gateway is answered as one without an endpoint service."),
        ("7302", "404 APIC.7302 for an unknown gateway."),
    )
    static let messages = Quirk(
        "apig.messages",
        "Contract apig.md, 8.4: the page and the table of error codes word four errors differently.",
        ("page", "The words of the page."),
        ("table", "The words of the table."),
    )
    static let authErrors = Quirk(
        "apig.authErrors",
        "Contract apig.md, 2.3 and 8.5: the page has one code for each status, the table finer ones, the gateway its own.",
        ("product", "APIC.7102 and APIC.7106 alone."),
        ("product-fine", "APIC.7100 to 7103, 7130 and 7300 by cause."),
        ("gateway", "APIGW.0301 and its siblings."),
    )
    static let status = Quirk(
        "apig.status",
        "Contract apig.md, 8.6: the filter lists four words, the answer six; nothing is said of others.",
        ("six", "Six words are taken, others refused with APIC.7211."),
        ("four", "The four words of the filter's table are taken, others refused."),
        ("any", "Another word matches nothing."),
    )
    static let memberOrder = Quirk(
        "apig.memberOrder",
        "Contract apig.md, 8.9: the table has size before total, the sample total before size.",
        ("sample", "total, size, connections."),
        ("table", "size, total, connections."),
    )
    static let size = Quirk(
        "apig.size",
        "Contract apig.md, 8.10: size may be what is returned or what was asked for.",
        ("returned", "How many connections the answer has."),
        ("limit", "The limit in force."),
    )
    static let order = Quirk(
        "apig.order",
        "Contract apig.md, 8.12: no order is documented.",
        ("newest", "The newest first, as VPC Endpoint has it."),
        ("oldest", "The oldest first."),
    )
    static let beyondInt64 = Quirk(
        "apig.beyondInt64",
        "Contract apig.md, 8.21: conversion has no upper bound in the text, the types have one.",
        ("refused", "An integer beyond 64 bits is refused with APIC.7211."),
        ("clamped", "An integer beyond 64 bits is converted like any other."),
    )

    static let actionMembers = Quirk(
        "apig.actionMembers",
        "Contract apig.md, 8.15: the table of the action's answer has three members, the sample one.",
        ("three", "total, size and connections."),
        ("one", "connections alone."),
    )
    static let foreignEndpoint = Quirk(
        "apig.foreignEndpoint",
        "Contract apig.md, 4.2: nothing is said of an endpoint that is not the gateway's, or in no state for an action.",
        ("7211", "400 APIC.7211, as for a parameter."),
        ("9007", "500 APIC.9007, as the failure of the call that is forwarded."),
    )

    static let actionLimit = Quirk(
        "apig.actionLimit",
        "Contract apig.md, 8.14: the page takes 1 to 50 endpoints, VPC Endpoint, which it forwards to, takes one.",
        ("fifty", "1 to 50 endpoints."),
        ("one", "More than one endpoint is refused with APIC.7211."),
    )
    static let wildcard = Quirk(
        "apig.wildcard",
        "Contract apig.md, 8.20: a * may be the whole record of a whitelist, or the account in it.",
        ("both", "* and iam:domain::* are taken, and kept as they are."),
        ("record", "* alone is taken."),
        ("account", "iam:domain::* alone is taken."),
    )

    static let all =
        [
            limit, notInteger, unknownInstance, messages, authErrors, status, memberOrder, size, order, beyondInt64,
            actionMembers, foreignEndpoint, actionLimit, wildcard,
        ] + APIGAPI.gateway.all
}
