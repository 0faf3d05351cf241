internal import PatchbayAPIKit
internal import PatchbayHTTP

extension AtlasAPI.Failure {
    private static let group = "5356823b3794dee37132bb7b"
    private static let unknown = "111111111111111111111111"

    /// Every error that an operation can answer, and those that the vendor lists for causes which are not emulated.
    package static let catalogue: [(name: String, failure: Self)] =
        (access + requests + bodies + peers + containers + others).led(by: [
            "INVALID_QUERY_PARAMETER", "IP_ADDRESS_NOT_ON_ACCESS_LIST", "GROUP_NOT_FOUND", "PEER_ALREADY_EXISTS",
        ])

    private static let access: [(name: String, failure: Self)] = [
        ("challenge", .challenge(isStale: false)),
        ("challenge stale", .challenge(isStale: true)),
        ("USER_UNAUTHORIZED", .unauthorized),
        (
            "NOT_IN_GROUP",
            coded(
                .unauthorized,
                "NOT_IN_GROUP",
                "The current user is not in the group, or the group does not exist.",
            )
        ),
        (
            "USER_CANNOT_ACCESS_GROUP",
            coded(.unauthorized, "USER_CANNOT_ACCESS_GROUP", "User cannot access this group.")
        ),
        ("ACCESS_FORBIDDEN", .coded(.forbidden)),
        ("ACCOUNT_SUSPENDED", .suspended),
        ("IP_ADDRESS_NOT_ON_ACCESS_LIST", .notOnAccessList("203.0.113.9")),
        ("ORG_REQUIRES_ACCESS_LIST", .accessListRequired("203.0.113.9")),
        ("invalid_client", .invalidClient),
        ("unsupported_grant_type", .unsupportedGrant),
        ("invalid_request", .invalidGrantRequest("The form is malformed.")),
        ("access_denied", .accessDenied),
    ]

    private static let requests: [(name: String, failure: Self)] = [
        ("RESOURCE_NOT_FOUND", .notFound("/api/atlas/v1.0/groups/\(group)/peerz")),
        ("INVALID_GROUP_ID", .malformedGroup("abc")),
        ("PATH_PARAM_PARSE_ERROR", malformedPath("/api/atlas/v1.0/groups/abc/peers")),
        (
            "INVALID_PATH_PARAMETER",
            coded(.badRequest, "INVALID_PATH_PARAMETER", "Invalid path parameter abc specified.", "abc")
        ),
        ("GROUP_NOT_FOUND", .groupNotFound(unknown)),
        ("GROUP_NAME_NOT_FOUND", .groupNameNotFound("nobody")),
        ("MULTIPLE_GROUPS", .multipleGroups),
        ("NOT_ATLAS_GROUP", .notAtlasGroup(unknown)),
        ("INVALID_ATLAS_GROUP", .invalidAtlasGroup(unknown)),
        ("INVALID_QUERY_PARAMETER", .invalidQueryParameter("pageNum")),
        (
            "MISSING_QUERY_PARAMETER",
            coded(
                .badRequest,
                "MISSING_QUERY_PARAMETER",
                "The required query parameter providerName was not specified.",
                "providerName",
            )
        ),
        ("INVALID_PROVIDER", .invalidProvider("FOO")),
        ("PROVIDER_NOT_FOUND", coded(.notFound, "PROVIDER_NOT_FOUND", "No provider FOO exists.", "FOO")),
        (
            "PROVIDER_UNSUPPORTED",
            coded(.notFound, "PROVIDER_UNSUPPORTED", "Provider FOO not currently supported.", "FOO")
        ),
        ("METHOD_NOT_ALLOWED", .wrongMethod(.put, ["GET", "HEAD", "POST"])),
        ("INVALID_VERSION_DATE", .noVersion(.notAcceptable)),
        (
            "VERSION_GONE",
            coded(Status(410), "VERSION_GONE", "The requested version of the resource was removed.")
        ),
    ]

    private static let bodies: [(name: String, failure: Self)] = [
        ("UNSUPPORTED_MEDIA_TYPE", .unsupportedMediaType("text/plain")),
        ("MALFORMED_JSON", .malformedJSON),
        ("INVALID_JSON", .invalidJSON),
        ("INVALID_JSON_ATTRIBUTE", .invalidJSONAttribute("vpcId")),
        ("INVALID_ATTRIBUTE", .invalidAttribute("foo")),
        ("ATTRIBUTE_READ_ONLY", .readOnly("providerName")),
        ("MISSING_ATTRIBUTE", .missingAttributes(["vpcId"])),
        ("MISSING_ATTRIBUTES", .missingAttributes(["awsAccountId", "vpcId"])),
        ("INVALID_ENUM_VALUE", .invalidEnumValue("Azure")),
        ("VALIDATION_ERROR", .validation("awsAccountId \"1\" is not 12 digits")),
        ("INVALID_REGION", .invalidRegion("NOWHERE_1", of: "AWS")),
    ]

    private static let peers: [(name: String, failure: Self)] = [
        ("INVALID_PEER_ID", .invalidPeer("pcx")),
        ("PEER_NOT_FOUND", .peerNotFound(unknown, in: group)),
        ("INVALID_CIDR_BLOCK", .invalidCIDRBlock("10.0.0.0")),
        ("INVALID_ROUTE_TABLE_CIDR", .invalidRouteTable("8.8.8.0/24")),
        ("PEER_ALREADY_EXISTS", .peerExists(account: "999900000000", vpc: "vpc-00000000000000001")),
        ("PEER_ALREADY_EXISTS_GCP", .peerExists(project: "my-sample-project-191923", network: "test1")),
        (
            "PEER_ALREADY_EXISTS_AZURE",
            .peerExists(subscription: "0b2f7a3c-d92e-478d-bc50-cf99d31b0e09", network: "azure-peer")
        ),
        ("PEER_ALREADY_REQUESTED_DELETION", .alreadyLeaving(unknown)),
        ("PEER_INVALID_STATE", .invalidState(unknown, in: group)),
        (
            "PEER_MAXIMUM_REACHED",
            coded(
                .conflict,
                "PEER_MAXIMUM_REACHED",
                "The maximum number of peering connections (50) has been reached.",
                "50",
            )
        ),
        ("OVERLAPPING_CIDR_BLOCK", .overlapping("10.20.0.0/16")),
        ("OVERLAPPING_ATLAS_CIDR_BLOCK", .overlappingAtlas("192.168.248.0/21")),
        (
            "NOT_IN_PRIVATE_IP_MODE",
            coded(
                .badRequest,
                "NOT_IN_PRIVATE_IP_MODE",
                "This action requires private IP mode to be enabled.",
            )
        ),
        (
            "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED",
            coded(
                .badRequest,
                "AZURE_CUSTOMER_NETWORK_VALIDATION_FAILED",
                "Please ensure that the account information provided is correct and that you've given Atlas the proper "
                    + "permissions to create peering connections in your account.",
            )
        ),
        (
            "AZURE_CUSTOMER_NETWORK_UNREACHABLE",
            coded(
                .notFound,
                "AZURE_CUSTOMER_NETWORK_UNREACHABLE",
                "External Azure subscription unreachable.",
            )
        ),
    ]

    private static let containers: [(name: String, failure: Self)] = [
        ("CLOUD_PROVIDER_CONTAINER_NOT_FOUND", .containerNotFound(unknown)),
        ("ATLAS_INVALID_CIDR_BLOCK", .invalidAtlasBlock("10.0.0.0/16", sizes: "21-24", of: "AWS")),
        ("ATLAS_INVALID_CIDR_BLOCK_FOR_SMALL_CONTAINER", .invalidSmallContainer),
        ("ATLAS_INVALID_CIDR_RANGE", .invalidAtlasRange("8.8.8.0/24")),
        ("ATLAS_NON_CANONICAL_CIDR_BLOCK", .notCanonical("192.168.249.0/21", "192.168.248.0/21")),
        ("CANNOT_CHANGE_CONTAINER_REGION", .changedRegion),
        ("CONTAINERS_IN_USE", .containersInUse),
        ("CONTAINER_ALREADY_EXISTS", .containerExists(in: group)),
    ]

    private static let others: [(name: String, failure: Self)] = [
        ("RATE_LIMITED", .limited(.usedUp(), .version1)),
        ("RATE_LIMITED_TOKEN_BUCKET", .limited(.usedUp(), .version2)),
        (
            "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
            coded(
                .methodNotAllowed,
                "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
                "Create, update, and delete API endpoints are disabled while the system is being upgraded.",
            )
        ),
        ("UNEXPECTED_ERROR", .unexpected),
    ]
}
