internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// The errors of bodies.
extension AtlasAPI.Failure {
    static let malformedJSON = coded(.badRequest, "MALFORMED_JSON", "Received JSON is malformed.")
    static let invalidJSON = coded(.badRequest, "INVALID_JSON", "Received JSON does not match expected format.")

    static func invalidJSONAttribute(_ name: String) -> Self {
        let detail = "Received JSON for the \(name) attribute does not match expected format."
        return coded(.badRequest, "INVALID_JSON_ATTRIBUTE", detail, name)
    }

    static func unsupportedMediaType(_ type: String) -> Self {
        coded(.unsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The media type \(type) is not supported.")
    }

    static func invalidAttribute(_ name: String) -> Self {
        coded(.badRequest, "INVALID_ATTRIBUTE", "Invalid attribute \(name) specified.", name)
    }

    static func readOnly(_ name: String) -> Self {
        let detail = "The attribute \(name) is read-only and cannot be changed by the user."
        return coded(.badRequest, "ATTRIBUTE_READ_ONLY", detail, name)
    }

    /// One or several, which has an error of its own.
    static func missingAttributes(_ names: [String]) -> Self {
        let list = names.joined(separator: ", ")
        return names.count == 1
            ? coded(.badRequest, "MISSING_ATTRIBUTE", "The required attribute \(list) was not specified.", list)
            : coded(.badRequest, "MISSING_ATTRIBUTES", "The required attributes \(list) were not specified.", list)
    }

    static func invalidEnumValue(_ value: String) -> Self {
        coded(.badRequest, "INVALID_ENUM_VALUE", "An invalid enumeration value \(value) was specified.", value)
    }

    static func validation(_ reason: String) -> Self {
        let detail = "The request content produced the validation error: \(reason)."
        return coded(.badRequest, "VALIDATION_ERROR", detail, reason)
    }

    static func invalidRegion(_ region: String, of provider: String) -> Self {
        coded(
            .badRequest,
            "INVALID_REGION",
            "No region \(region) exists for provider \(provider).",
            region,
            provider,
        )
    }
}

/// The errors of peers.
extension AtlasAPI.Failure {
    /// A path with a resource's identifier that is none.
    static func malformedPath(_ path: String) -> Self { .coded(.malformedPath(path)) }

    static func invalidPeer(_ id: String) -> Self {
        coded(.notFound, "INVALID_PEER_ID", "An invalid peer ID \(id) was specified.", id)
    }

    static func peerNotFound(_ id: String, in group: String, called word: String = "project") -> Self {
        coded(.notFound, "PEER_NOT_FOUND", "No peer with ID \(id) exists in \(word) \(group).", id, group)
    }

    static func invalidCIDRBlock(_ block: String) -> Self {
        coded(.badRequest, "INVALID_CIDR_BLOCK", "The cidr block \(block) must be in valid CIDR notation.", block)
    }

    static func invalidRouteTable(_ block: String) -> Self {
        let detail =
            "The address \(block) must be within the private ranges "
            + #"["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]."#
        return coded(.badRequest, "INVALID_ROUTE_TABLE_CIDR", detail, block)
    }

    static func peerExists(account: String, vpc: String) -> Self {
        let detail = "The peer with AWS Account ID \(account) and VPC ID \(vpc) already exists."
        return coded(.conflict, "PEER_ALREADY_EXISTS", detail, account, vpc)
    }

    static func peerExists(project: String, network: String) -> Self {
        let detail = "The peer with GCP Project ID \(project) and network name \(network) already exists."
        return coded(.conflict, "PEER_ALREADY_EXISTS_GCP", detail, project, network)
    }

    static func peerExists(subscription: String, network: String) -> Self {
        let detail =
            "The peer with Azure Subscription ID \(subscription) and Virtual Network name \(network) already exists."
        return coded(.conflict, "PEER_ALREADY_EXISTS_AZURE", detail, subscription, network)
    }

    static func alreadyLeaving(_ id: String) -> Self {
        let detail = "The peer with ID \(id) has already been requested for deletion."
        return coded(.conflict, "PEER_ALREADY_REQUESTED_DELETION", detail, id)
    }

    static func invalidState(_ id: String, in group: String) -> Self {
        let detail = "The peer with ID \(id) in group \(group) cannot be updated in its current state."
        return coded(.conflict, "PEER_INVALID_STATE", detail, id, group)
    }

    static func overlapping(_ block: String) -> Self {
        let detail = "The CIDR block \(block) overlaps with another peer's CIDR block."
        return coded(.conflict, "OVERLAPPING_CIDR_BLOCK", detail, block)
    }

    static func overlappingAtlas(_ block: String) -> Self {
        let detail = "The CIDR block \(block) overlaps with an Atlas CIDR block."
        return coded(.conflict, "OVERLAPPING_ATLAS_CIDR_BLOCK", detail, block)
    }
}

/// The errors of containers.
extension AtlasAPI.Failure {
    static func containerNotFound(_ id: String) -> Self {
        let detail = "An invalid cloud provider container ID \(id) was specified."
        return coded(.notFound, "CLOUD_PROVIDER_CONTAINER_NOT_FOUND", detail, id)
    }

    static func invalidAtlasBlock(_ block: String, sizes: String, of provider: String) -> Self {
        let detail = "Atlas CIDR \(block) must be a /\(sizes) block for \(provider)."
        return coded(.badRequest, "ATLAS_INVALID_CIDR_BLOCK", detail, block, sizes, provider)
    }

    static func invalidAtlasRange(_ block: String) -> Self {
        coded(.badRequest, "ATLAS_INVALID_CIDR_RANGE", "Atlas CIDR \(block) must be in private range.", block)
    }

    static func notCanonical(_ block: String, _ canonical: String) -> Self {
        let detail = "The canonical form for the specified Atlas CIDR \(block) is \(canonical)."
        return coded(.badRequest, "ATLAS_NON_CANONICAL_CIDR_BLOCK", detail, block, canonical)
    }

    static let invalidSmallContainer = coded(
        .badRequest,
        "ATLAS_INVALID_CIDR_BLOCK_FOR_SMALL_CONTAINER",
        "Atlas CIDR must be between /21 and /24 for small Google Cloud network peering containers. Either omit the regions "
            + "array to create a network peering container with a larger CIDR block or provide an atlasCidrBlock between "
            + "/21 and /24, inclusive.",
    )
    static let changedRegion = coded(
        .badRequest,
        "CANNOT_CHANGE_CONTAINER_REGION",
        "The region of a cloud provider container cannot be changed.",
    )

    static let containersInUse: Self = {
        let reason = "The container still contained resources"
        return coded(.conflict, "CONTAINERS_IN_USE", "Cannot modify in use containers. \(reason).", reason)
    }()

    static func containerExists(in group: String) -> Self {
        coded(.conflict, "CONTAINER_ALREADY_EXISTS", "A container already exists for group \(group).", group)
    }
}

/// The errors of groups and of the editions.
extension AtlasAPI.Failure {
    static func groupNameNotFound(_ name: String) -> Self {
        coded(.notFound, "GROUP_NAME_NOT_FOUND", "No group with name \"\(name)\" exists.", name)
    }

    static let multipleGroups = coded(
        .conflict,
        "MULTIPLE_GROUPS",
        "Multiple groups exist with the specified name.",
    )

    /// The error for a version that there is not.
    static func noVersion(_ status: Status) -> Self {
        let detail =
            "The Accept header has to name a version of the resource, such as application/vnd.atlas.2023-01-01+json."
        return coded(status, "INVALID_VERSION_DATE", detail)
    }
}
