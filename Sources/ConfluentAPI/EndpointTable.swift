package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// The endpoint table.
extension ConfluentAPI {
    package static let endpoints = connectionEndpoints + statementEndpoints + lookupEndpoints

    private static let environmentPath = "/organizations/{organization_id}/environments/{environment_id}"
    private static let connectionsPath = environmentPath + "/connections"
    private static let connectionSecrets = ["spec.auth_data.**", "auth_data.**"]
    private static let connectionPage = "https://docs.confluent.io/cloud/current/ccloud/connections-sql-v-1/"

    private static let connectionEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            connectionsPath,
            operation: "listSqlv1Connections",
            documentation: connectionPage,
            parameters: Paging.parameters,
            answer: listSchema,
            handler: listSqlv1Connections,
        ),
        Endpoint(
            .post,
            connectionsPath,
            operation: "createSqlv1Connection",
            documentation: connectionPage,
            body: { newConnectionSchema },
            secrets: connectionSecrets,
            success: .created,
            answer: connectionSchema,
            handler: createSqlv1Connection,
        ),
        Endpoint(
            .get,
            connectionsPath + "/{connection_name}",
            operation: "getSqlv1Connection",
            documentation: connectionPage,
            answer: connectionSchema,
            handler: getSqlv1Connection,
        ),
        Endpoint(
            .put,
            connectionsPath + "/{connection_name}",
            operation: "updateSqlv1Connection",
            documentation: connectionPage,
            body: { replacementSchema },
            secrets: connectionSecrets,
            answer: connectionSchema,
            handler: updateSqlv1Connection,
        ),
        Endpoint(
            .delete,
            connectionsPath + "/{connection_name}",
            operation: "deleteSqlv1Connection",
            documentation: connectionPage,
            handler: deleteSqlv1Connection,
        ),
    ]

    private static let statementEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            statementsPath,
            operation: "listSqlv1Statements",
            documentation: statementPage,
            parameters: Directory.parameters
                + withoutEffect(
                    "spec.compute_pool_id",
                    "label_selector",
                    "time_ordered",
                    "statement_name_search_query",
                ),
            answer: directorySchema("sql/v1", "StatementList", of: ["type": "object"], mayHaveItems: false),
            handler: listSqlv1Statements,
        ),
        missing(.get, "getSqlv1Statement"),
        missing(.patch, "patchSqlv1Statement"),
        missing(.delete, "deleteSqlv1Statement"),
    ]

    /// What clients send where there is nothing for it to act on.
    private static func withoutEffect(_ names: String...) -> [ParameterDescription] {
        names.map { Parameter<String?>.text($0).ignored().description }
    }

    private static let statementsPath = environmentPath + "/statements"
    private static let statementPage = "https://docs.confluent.io/cloud/current/ccloud/statements-sql-v-1/"

    /// An operation on a statement, none of which is there.
    private static func missing(_ method: Method, _ operation: String) -> Endpoint<Self> {
        Endpoint(
            method,
            statementsPath + "/{statement_name}",
            operation: operation,
            documentation: statementPage,
            handler: missingStatement,
        )
    }

    /// What clients look up first; the vendor's CLI asks for some of it below a path of its own.
    private static let lookupEndpoints: [Endpoint<Self>] =
        [
            Endpoint(
                .get,
                "/organizations",
                base: "/org/v2",
                operation: "listOrgV2Organizations",
                documentation: lookupPage + "#tag/Organizations-(orgv2)",
                parameters: Directory.parameters,
                answer: directorySchema("org/v2", "OrganizationList", of: organizationSchema),
                handler: listOrgV2Organizations,
            ),
            Endpoint(
                .get,
                "/environments",
                base: "/org/v2",
                operation: "listOrgV2Environments",
                documentation: lookupPage + "#tag/Environments-(orgv2)",
                parameters: Directory.parameters,
                answer: directorySchema("org/v2", "EnvironmentList", of: environmentSchema),
                handler: listOrgV2Environments,
            ),
            Endpoint(
                .post,
                "",
                base: "/api/access_tokens",
                operation: "createAccessToken",
                documentation: cliPage,
                body: { ["type": "object"] },
                answer: Schema.object(["error": Schema.words(""), "token": Schema.text]),
                handler: createAccessToken,
            ),
            Endpoint(
                .get,
                "/realm",
                base: "/api/login",
                access: .open,
                operation: "getLoginRealm",
                documentation: cliPage,
                parameters: withoutEffect("email", "clientId"),
                answer: Schema.object(["is_sso": ["type": "boolean"], "realm": Schema.text]),
                handler: getLoginRealm,
            ),
            Endpoint(
                .post,
                "",
                base: "/api/sessions",
                access: .open,
                operation: "createSession",
                documentation: cliPage,
                body: { sessionBodySchema },
                secrets: ["password"],
                answer: sessionSchema,
                handler: createSession,
            ),
            Endpoint(
                .get,
                "",
                base: "/api/me",
                operation: "getMe",
                documentation: cliPage,
                answer: meSchema,
                handler: getMe,
            ),
        ]
        + [("/org/v2", ""), ("/api/org/v2", "ForCLI")].map { base, suffix in
            Endpoint(
                .get,
                "/environments/{environment_id}",
                base: base,
                operation: "getOrgV2Environment" + suffix,
                documentation: lookupPage + "#tag/Environments-(orgv2)",
                answer: environmentSchema,
                handler: getOrgV2Environment,
            )
        }
        + [("/fcpm/v2", ""), ("/api/fcpm/v2", "ForCLI")].map { base, suffix in
            Endpoint(
                .get,
                "/regions",
                base: base,
                operation: "listFcpmV2Regions" + suffix,
                documentation: lookupPage + "#tag/Regions-(fcpmv2)",
                parameters: [cloud.description, regionName.description] + Directory.parameters,
                answer: directorySchema("fcpm/v2", "RegionList", of: regionSchema),
                handler: listFcpmV2Regions,
            )
        }
        + [("/fcpm/v2", ""), ("/api/fcpm/v2", "ForCLI")].map { base, suffix in
            Endpoint(
                .get,
                "/compute-pools/{compute_pool_id}",
                base: base,
                operation: "getFcpmV2ComputePool" + suffix,
                documentation: lookupPage + "#tag/Compute-Pools-(fcpmv2)",
                parameters: [poolEnvironment.description],
                answer: poolSchema,
                handler: getFcpmV2ComputePool,
            )
        }

    private static let cliPage = "https://docs.confluent.io/confluent-cli/current/overview.html"
    private static let lookupPage = "https://docs.confluent.io/cloud/current/api.html"
}
