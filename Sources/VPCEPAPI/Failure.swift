package import PatchbayAPIKit
internal import PatchbayHTTP
package import PatchbayOTCKit

extension VPCEPAPI {
    /// The service's errors, from its table of error codes (contract `vpcep.md`, section 5).
    package struct Failure: OTCFailure {
        package let fault: OTCFault

        package init(_ fault: OTCFault) {
            self.fault = fault
        }

        package func reply(to exchange: Exchange) -> Reply {
            let isNested = exchange.quirks.take(Quirks.errorEnvelope, "nested")
            return error(in: exchange, gateway).reply(to: exchange, envelope: isNested ? .nested : .flat)
        }

        package static func error(for problem: Problem) -> OTCError {
            switch problem {
            case .unauthenticated: unauthenticated
            case .forbidden: forbidden
            case .badParameter(let name, _, _): badParameter(name)
            case .malformedBody: malformedRequest
            case .rateLimited, .storage, .unsupportedMediaType, .malformedEscape, .noSuchRoute, .wrongMethod:
                systemError
            }
        }
    }
}

extension VPCEPAPI.Failure {
    static let unauthenticated = OTCError(
        .unauthorized,
        "EndPoint.0003",
        "Authentication failed or authentication information is invalid.",
    )
    static let forbidden = OTCError(
        .forbidden,
        "EndPoint.0004",
        "Authentication information is incorrect or you have no permissions.",
    )
    private static let malformedRequest = OTCError(.badRequest, "EndPoint.1004", "Invalid request.")
    private static let systemError = OTCError(
        .internalServerError,
        "EndPoint.0001",
        "System error. Please retry.",
    )

    /// The table has a code of its own for each parameter.
    private static let parameterCodes = [
        "id": "EndPoint.2017", "marker_id": "EndPoint.0021", "status": "EndPoint.0019", "sort_key": "EndPoint.0017",
        "sort_dir": "EndPoint.0018", "limit": "EndPoint.0006", "offset": "EndPoint.0010",
    ]

    private static func badParameter(_ name: String) -> OTCError {
        guard let code = parameterCodes[name] else {
            return OTCError(.badRequest, "EndPoint.0002", "Parameter error.")
        }
        return OTCError(.badRequest, code, name == "id" ? "Invalid endpoint ID." : "Invalid \(name).")
    }

    private static let table: [OTCError] =
        [
            systemError, badParameter(""), malformedRequest, unauthenticated, forbidden,
            OTCError(.gatewayTimeout, "EndPoint.0013", "The request timed out."),
            OTCError(.badRequest, "EndPoint.0022", "The number of requests exceeded the limit. Please try later."),
        ] + parameterCodes.keys.sorted().map(badParameter)

    package static let catalogue: [(name: String, failure: Self)] =
        (table.map { ($0.code, Self(.coded($0))) } + operations.map { ($0.code, $0) })
        + further.map { ("EndPoint.\($0.number)", coded($0.status, "EndPoint.\($0.number)", $0.message)) }
        + OTCError.gatewayCatalogue.map { ($0.name, Self(.coded($0.error))) }
}

/// What the operations answer, by the service's table.
extension VPCEPAPI.Failure {
    static let bodyIsNull = coded(.gatewayTimeout, "EndPoint.0011", "The request body is null.")
    static let invalidRequest = coded(.badRequest, "EndPoint.1004", "Invalid request.")
    static let badMember = coded(.badRequest, "EndPoint.0002", "Parameter error.")
    static let notFound = coded(.notFound, "EndPoint.0005", "The requested resource does not exist.")
    static let invalidProject = coded(.badRequest, "EndPoint.0014", "Invalid project ID.")
    static let invalidVPC = coded(.badRequest, "EndPoint.0020", "Invalid VPC ID.")
    static let invalidSubnet = coded(.badRequest, "EndPoint.0023", "Invalid subnet_id.")
    static let quotaExceeded = coded(.badRequest, "Endpoint.1018", "Quota exceeded.")
    static let invalidRouteTable = coded(.badRequest, "EndPoint.1019", "Invalid route table ID.")

    static let emptyInput = coded(.badRequest, "EndPoint.2002", "The request input parameter is empty.")
    static let noService = coded(.badRequest, "EndPoint.2003", "The endpoint service does not exist.")
    static let serviceUnavailable = coded(.badRequest, "EndPoint.2004", "The endpoint service is unavailable.")
    static let noEndpoint = coded(.notFound, "EndPoint.2006", "The requested endpoint does not exist.")
    static let noSpecification = coded(
        .badRequest,
        "EndPoint.2009",
        "The specification information does not exist."
    )
    static let noSubnet = coded(.badRequest, "EndPoint.2010", "The input parameter subnet ID is empty.")
    static let noVPC = coded(.badRequest, "EndPoint.2011", "The input parameter VPC ID is empty.")
    static let notAllowed = coded(
        .badRequest,
        "EndPoint.2012",
        "You have no permission to connect to the VPC endpoint service."
    )
    static let otherService = coded(
        .badRequest,
        "EndPoint.2013",
        "The endpoint does not belong to the endpoint service."
    )
    static let isConnected = coded(
        .badRequest,
        "EndPoint.2014",
        "The endpoint has been connected to the endpoint service."
    )
    static let beingDeleted = coded(.badRequest, "EndPoint.2018", "The endpoint is being deleted.")
    static let beingCreated = coded(.badRequest, "EndPoint.2019", "The endpoint is being created.")
    static let invalidAction = coded(.badRequest, "EndPoint.2027", "Invalid action.")
    static let noPorts = coded(.badRequest, "EndPoint.2028", "The endpoint service port or protocol is empty.")
    static let noServiceID = coded(.badRequest, "EndPoint.2029", "The requested endpoint service ID is empty.")
    static let oneEndpoint = coded(.badRequest, "EndPoint.2031", "Only one endpoint is allowed.")
    static let invalidDNS = coded(.badRequest, "EndPoint.2033", "The entered parameter enable_dns is invalid.")
    static let invalidAddress = coded(.badRequest, "EndPoint.2041", "Invalid Port IP address.")
    static let addressInUse = coded(.badRequest, "EndPoint.2042", "The Port IP is in use.")
    static let invalidWhitelist = coded(.badRequest, "EndPoint.2044", "Invalid whitelist.")
    static let hasFailed = coded(
        .badRequest,
        "EndPoint.2047",
        "The VPC endpoint in the Failed status cannot be modified."
    )
    static let invalidPolicy = coded(.badRequest, "EndPoint.2048", "The VPC endpoint policy is invalid.")

    static let invalidPermission = coded(.badRequest, "EndPoint.3002", "Invalid permission.")
    static let invalidPortID = coded(.badRequest, "EndPoint.3003", "Invalid port ID.")
    static let invalidPorts = coded(.badRequest, "EndPoint.3004", "Invalid port.")
    static let notDeleted = coded(.badRequest, "EndPoint.3005", "Failed to delete the endpoint service.")
    static let serviceInUse = coded(.badRequest, "EndPoint.3006", "The endpoint service is being used.")
    static let invalidServerType = coded(.badRequest, "EndPoint.3021", "Invalid serverType.")
    static let invalidPermissionAction = coded(.badRequest, "EndPoint.3035", "Invalid action.")
    static let noPermissions = coded(.badRequest, "EndPoint.3036", "Invalid permissions.")
    static let doublePort = coded(.badRequest, "EndPoint.3043", "The service port is invalid.")
    static let portConflict = coded(
        .badRequest,
        "EndPoint.3044",
        "The parameter ports conflicted with ports in an existing endpoint service."
    )
    static let unchangeable = coded(
        .badRequest,
        "EndPoint.3045",
        "Other properties cannot be modified in the current endpoint service state."
    )
    static let whitelistFull = coded(
        .badRequest,
        "EndPoint.3049",
        "The maximum number of whitelist records has been reached."
    )
    static let invalidService = coded(.badRequest, "EndPoint.3062", "Invalid endpoint service ID.")
    static let doubleTag = coded(.badRequest, "EndPoint.3067", "The tag key cannot be duplicated.")
    static let invalidServiceName = coded(.badRequest, "EndPoint.3076", "Invalid service name.")

    /// What the table has besides, of which nothing says when it is answered.
    private static let further: [(status: Status, number: String, message: String)] = [
        (.badRequest, "0007", "Invalid action."),
        (.badRequest, "0009", "The remote address does not match."),
        (.gatewayTimeout, "0012", "The request header is null."),
        (.badRequest, "0015", "Invalid specification."),
        (.badRequest, "0016", "The number of batch operated resources exceeded the limit."),
        (.badRequest, "1003", "Invalid service name."),
        (.badRequest, "1008", "Failed to obtain the token."),
        (.badRequest, "2001", "The VPC does not exist."),
        (.notFound, "2007", "The endpoint information does not exist."),
        (.notFound, "2008", "The endpoint has been deleted."),
        (.badRequest, "2015", "The endpoint has been frozen."),
        (.badRequest, "2021", "Failed to query the VPC."),
        (.badRequest, "2022", "Failed to create an endpoint."),
        (.notFound, "2030", "markerId is empty."),
        (.badRequest, "2034", "The entered parameter enable_dns is incorrect."),
        (.badRequest, "2037", "The current network does not belong to the VPC."),
        (.badRequest, "2039", "The route table is being used by another VPC endpoint."),
        (.badRequest, "2040", "The VPC endpoint has no route table bound."),
        (.badRequest, "2043", "The Port IP is not valid for the subnet."),
        (.badRequest, "2045", "The maximum number of whitelist records has been reached."),
        (.badRequest, "2049", "The VPC endpoint has no policy associated."),
        (.badRequest, "2050", "The endpoint has been disabled."),
        (.badRequest, "2051", "The current endpoint is switching to new pool."),
        (.badRequest, "3008", "The port does not exist."),
        (.badRequest, "3042", "The port ID does not belong to the current VPC."),
        (.badRequest, "3056", "The maximum of VPC endpoint services using the same IP address has been reached."),
        (.badRequest, "3063", "Invalid port ID."),
        (.badRequest, "3066", "The tag cannot be empty."),
    ]

    private static let operations = [
        bodyIsNull, notFound, invalidProject, invalidVPC, invalidSubnet, quotaExceeded, invalidRouteTable, emptyInput,
        noService, serviceUnavailable, noEndpoint, noSpecification, noSubnet, noVPC, notAllowed, otherService,
        isConnected,
        beingDeleted, beingCreated, invalidAction, noPorts, noServiceID, oneEndpoint, invalidDNS, invalidAddress,
        addressInUse, invalidWhitelist, hasFailed, invalidPolicy, invalidPermission, invalidPortID, invalidPorts,
        notDeleted, serviceInUse, invalidServerType, invalidPermissionAction, noPermissions, doublePort, portConflict,
        unchangeable, whitelistFull, doubleTag, invalidService, invalidServiceName,
    ]

    /// The code of an error of the table.
    private var code: String { if case .coded(let error) = fault { error.code } else { "" } }
}
