package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The endpoint table.
extension CloudflareAPI {
    package static let endpoints = serviceEndpoints + tunnelEndpoints + accountEndpoints + tokenEndpoints

    private static let reference = "https://developers.cloudflare.com/api/resources/"
    private static let accountCapture: JSON.Object = ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,32}$"]

    private static let serviceEndpoints: [Endpoint<Self>] = {
        let path = "/accounts/{account_id}/connectivity/directory/services"
        let methods = reference + "connectivity/subresources/directory/subresources/services/methods/"
        return [
            Endpoint(
                .get,
                path,
                operation: "connectivity-services-list",
                documentation: methods + "list",
                parameters: Paging.parameters,
                captures: ["account_id": accountCapture],
                answer: listSchema,
                handler: connectivityServicesList,
            ),
            Endpoint(
                .post,
                path,
                operation: "connectivity-services-post",
                documentation: methods + "create",
                captures: ["account_id": accountCapture],
                body: { serviceBodySchema },
                answer: objectSchema(services.shownSchema()),
                handler: connectivityServicesPost,
            ),
            Endpoint(
                .get,
                path + "/{service_id}",
                operation: "connectivity-services-get",
                documentation: methods + "get",
                captures: ["account_id": accountCapture],
                answer: objectSchema(services.shownSchema()),
                handler: connectivityServicesGet,
            ),
            Endpoint(
                .put,
                path + "/{service_id}",
                operation: "connectivity-services-put",
                documentation: methods + "update",
                captures: ["account_id": accountCapture],
                body: { serviceBodySchema },
                answer: objectSchema(services.shownSchema()),
                handler: connectivityServicesPut,
            ),
            Endpoint(
                .delete,
                path + "/{service_id}",
                operation: "connectivity-services-delete",
                documentation: methods + "delete",
                captures: ["account_id": accountCapture],
                answer: objectSchema(["type": "null"]),
                handler: connectivityServicesDelete,
            ),
        ]
    }()
    private static let tunnelEndpoints: [Endpoint<Self>] = {
        let path = "/accounts/{account_id}/cfd_tunnel"
        let methods = reference + "zero_trust/subresources/tunnels/subresources/cloudflared/methods/"
        return [
            Endpoint(
                .get,
                path,
                operation: "cloudflare-tunnel-list-cloudflare-tunnels",
                documentation: methods + "list",
                parameters: [
                    DirectoryPaging.page.description, DirectoryPaging.perPage.description,
                    DirectoryPaging.name.description, DirectoryPaging.isDeleted.description,
                ],
                captures: ["account_id": accountCapture],
                answer: directorySchema(of: tunnelSchema),
                handler: listTunnels,
            ),
            Endpoint(
                .post,
                path,
                operation: "cloudflare-tunnel-create-a-cloudflare-tunnel",
                documentation: methods + "create",
                captures: ["account_id": accountCapture],
                body: { tunnelBodySchema },
                secrets: ["tunnel_secret"],
                answer: objectSchema(tunnelSchema),
                handler: createTunnel,
            ),
            Endpoint(
                .get,
                path + "/{tunnel_id}",
                operation: "cloudflare-tunnel-get-a-cloudflare-tunnel",
                documentation: methods + "get",
                captures: ["account_id": accountCapture],
                answer: objectSchema(tunnelSchema),
                handler: getTunnel,
            ),
            Endpoint(
                .delete,
                path + "/{tunnel_id}",
                operation: "cloudflare-tunnel-delete-a-cloudflare-tunnel",
                documentation: methods + "delete",
                captures: ["account_id": accountCapture],
                answer: objectSchema(tunnelSchema),
                handler: deleteTunnel,
            ),
        ]
    }()

    /// What clients ask to find their accounts.
    private static let accountEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/accounts",
            operation: "accounts-list-accounts",
            documentation: reference + "accounts/methods/list",
            parameters: [
                DirectoryPaging.page.description, DirectoryPaging.perPage.description,
                DirectoryPaging.name.description, DirectoryPaging.direction.description,
            ],
            answer: directorySchema(of: accounts.shownSchema()),
            handler: accountsListAccounts,
        ),
        Endpoint(
            .get,
            "/accounts/{account_id}",
            operation: "accounts-account-details",
            documentation: reference + "accounts/methods/get",
            captures: ["account_id": accountCapture],
            answer: objectSchema(accounts.shownSchema()),
            handler: accountsAccountDetails,
        ),
        Endpoint(
            .get,
            "/memberships",
            operation: "user's-account-memberships-list-memberships",
            documentation: reference + "memberships/methods/list",
            parameters: [DirectoryPaging.page.description, DirectoryPaging.perPage.description],
            answer: directorySchema(of: membershipSchema),
            handler: listMemberships,
        ),
        Endpoint(
            .get,
            "/user",
            operation: "user-user-details",
            documentation: reference + "user/methods/get",
            answer: objectSchema(userSchema),
            handler: userDetails,
        ),
    ]

    /// What clients ask to find out whether their token is good; the handlers look at it themselves.
    private static let tokenEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/user/tokens/verify",
            access: .examined,
            operation: "user-api-tokens-verify-token",
            documentation: reference + "user/subresources/tokens/methods/verify",
            answer: verificationSchema,
            handler: userAPITokensVerifyToken,
        ),
        Endpoint(
            .get,
            "/accounts/{account_id}/tokens/verify",
            access: .examined,
            operation: "account-api-tokens-verify-token",
            documentation: reference + "accounts/subresources/tokens/methods/verify",
            captures: ["account_id": accountCapture],
            answer: verificationSchema,
            handler: accountAPITokensVerifyToken,
        ),
    ]
}
