package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The endpoint table: the same operations for both editions, under the names that the vendor gives them in each.
extension AtlasAPI {
    package static let endpoints: [Endpoint<Self>] =
        Edition.allCases.flatMap { edition in
            peerEndpoints(edition) + containerEndpoints(edition) + groupEndpoints(edition)
        } + tokenEndpoints

    private static func peerEndpoints(_ edition: Edition) -> [Endpoint<Self>] {
        let list = "/groups/{group_id}/peers"
        let one = list + "/{peer_id}"
        let shown = Schemas.peer(edition)
        return [
            endpoint(
                .get,
                list,
                edition,
                "listPeeringConnections",
                "listGroupPeers",
                page: "vpc-get-connections-list",
                parameters: Paging.parameters + [provider.description],
                answer: Schemas.list(of: shown),
                handler: listPeeringConnections,
            ),
            endpoint(
                .post,
                list,
                edition,
                "createPeeringConnection",
                "createGroupPeer",
                page: "vpc-create-peering-connection",
                body: { Schemas.newPeer },
                answer: Schemas.one(shown),
                handler: createPeeringConnection,
            ),
            endpoint(
                .get,
                one,
                edition,
                "getPeeringConnection",
                "getGroupPeer",
                page: "vpc-get-connection",
                answer: Schemas.one(shown),
                handler: getPeeringConnection,
            ),
            endpoint(
                .patch,
                one,
                edition,
                "updatePeeringConnection",
                "updateGroupPeer",
                page: "vpc-update-peering-connection",
                body: { Schemas.changedPeer },
                answer: Schemas.one(shown),
                handler: updatePeeringConnection,
            ),
            endpoint(
                .delete,
                one,
                edition,
                "deletePeeringConnection",
                "deleteGroupPeer",
                page: "vpc-delete-peering-connection",
                success: .accepted,
                answer: Schemas.one(Schema.object([:])),
                handler: deletePeeringConnection,
            ),
        ]
    }

    private static func containerEndpoints(_ edition: Edition) -> [Endpoint<Self>] {
        let list = "/groups/{group_id}/containers"
        let one = list + "/{container_id}"
        return [
            endpoint(
                .get,
                list,
                edition,
                "listPeeringContainerByCloudProvider",
                "listGroupContainers",
                page: "vpc-get-containers-list",
                parameters: Paging.parameters + [provider.description],
                answer: Schemas.list(of: Schemas.container),
                handler: listContainers,
            ),
            endpoint(
                .get,
                list + "/all",
                edition,
                "listPeeringContainers",
                "listGroupContainerAll",
                page: "vpc-get-containers-list",
                parameters: Paging.parameters,
                answer: Schemas.list(of: Schemas.container),
                handler: listAllContainers,
            ),
            endpoint(
                .post,
                list,
                edition,
                "createPeeringContainer",
                "createGroupContainer",
                page: "vpc-create-container",
                body: { Schemas.newContainer },
                answer: Schemas.one(Schemas.container),
                handler: createContainer,
            ),
            endpoint(
                .get,
                one,
                edition,
                "getPeeringContainer",
                "getGroupContainer",
                page: "vpc-get-container",
                answer: Schemas.one(Schemas.container),
                handler: getContainer,
            ),
            endpoint(
                .patch,
                one,
                edition,
                "updatePeeringContainer",
                "updateGroupContainer",
                page: "vpc-update-container",
                body: { Schemas.changedContainer },
                answer: Schemas.one(Schemas.container),
                handler: updateContainer,
            ),
            endpoint(
                .delete,
                one,
                edition,
                "deletePeeringContainer",
                "deleteGroupContainer",
                page: "vpc-delete-one-container",
                success: .noContent,
                handler: deleteContainer,
            ),
        ]
    }

    private static func groupEndpoints(_ edition: Edition) -> [Endpoint<Self>] {
        let shown = Schemas.group(edition)
        return [
            endpoint(
                .get,
                "/groups",
                edition,
                "listProjects",
                "listGroups",
                page: "project-get-all",
                parameters: Paging.parameters,
                answer: Schemas.list(of: shown),
                handler: listProjects,
            ),
            endpoint(
                .get,
                "/groups/{group_id}",
                edition,
                "getProject",
                "getGroup",
                page: "project-get-one",
                answer: Schemas.one(shown),
                handler: getProject,
            ),
            endpoint(
                .get,
                "/groups/byName/{name}",
                edition,
                "getProjectByName",
                "getGroupByName",
                page: "project-get-one-by-name",
                answer: Schemas.one(shown),
                handler: getProjectByName,
            ),
            endpoint(
                .get,
                "",
                edition,
                "getRoot",
                "getSystemStatus",
                page: "root",
                answer: Schemas.one(Schemas.root),
                handler: getRoot,
            ),
        ]
    }

    /// What clients may send in place of the header that is asked for (RFC 6749, section 2.3.1; RFC 7523, section 2.2).
    private static let clientSecrets = ["client_secret", "client_assertion"]

    private static let tokenEndpoints: [Endpoint<Self>] = {
        let page = "https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/"
        return [
            Endpoint(
                .post,
                "/token",
                base: "/api/oauth",
                access: .open,
                operation: "createToken",
                documentation: page,
                bodyType: "application/x-www-form-urlencoded",
                body: { Schema.object(["grant_type": Schema.words("client_credentials")]) },
                secrets: clientSecrets,
                answer: Schemas.token,
                handler: createToken,
            ),
            Endpoint(
                .post,
                "/revoke",
                base: "/api/oauth",
                access: .open,
                operation: "revokeToken",
                documentation: page,
                bodyType: "application/x-www-form-urlencoded",
                body: {
                    let members: JSON.Object = [
                        "token": ["type": "string", "minLength": 1], "token_type_hint": Schema.text,
                    ]
                    return Schema.object(members, optional: ["token_type_hint"])
                },
                secrets: clientSecrets + ["token"],
                handler: revokeToken,
            ),
        ]
    }()

    /// An operation of one edition, under the name of the vendor's first descriptions or that of its newest one, with the
    /// vendor's page for the edition.
    private static func endpoint(
        _ method: PatchbayHTTP.Method,
        _ pattern: String,
        _ edition: Edition,
        _ name: String,
        _ newName: String,
        page: String,
        parameters: [ParameterDescription] = [Presentation.pretty.description, Presentation.envelope.description],
        body: (@Sendable () -> JSON.Object)? = nil,
        success: Status = .ok,
        answer: @autoclosure @escaping @Sendable () -> JSON.Object = [:],
        handler: @escaping @Sendable (borrowing Call<Self>) throws(Failure) -> Reply,
    ) -> Endpoint<Self> {
        let isFirst = edition == .version1
        let newPage =
            "https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/operation/operation-" + newName.lowercased()
        return Endpoint(
            method,
            pattern,
            base: edition.basePath,
            operation: isFirst ? name : newName,
            documentation: isFirst ? "https://docs.atlas.mongodb.com/reference/api/\(page)/" : newPage,
            parameters: parameters,
            captures: captures,
            body: body,
            success: success,
            answerType: isFirst ? nil : edition.contentType,
            answer: answer(),
            handler: handler,
        )
    }

    private static let captures: [String: JSON.Object] = {
        let id: JSON.Object = ["type": "string", "pattern": "^[a-f0-9]{24}$"]
        return ["group_id": id, "peer_id": id, "container_id": id]
    }()
}
