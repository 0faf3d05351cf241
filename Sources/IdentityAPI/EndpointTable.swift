package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// The endpoint table.
extension IdentityAPI {
    package static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/",
            base: "",
            access: .open,
            operation: "KeystoneListVersions",
            documentation: documentation("en-us_topic_0057845569"),
            success: .multipleChoices,
            answer: versionsSchema,
            handler: listVersions,
        ),
        Endpoint(
            .get,
            "",
            access: .open,
            operation: "KeystoneShowVersion",
            documentation: documentation("en-us_topic_0057845613"),
            answer: versionSchema,
            handler: showVersion,
        ),
        // Where the links of the two above lead.
        Endpoint(
            .get,
            "/",
            access: .open,
            operation: "KeystoneShowVersionByLink",
            documentation: documentation("en-us_topic_0057845613"),
            answer: versionSchema,
            handler: showVersion,
        ),
        Endpoint(
            .post,
            "/auth/tokens",
            access: .open,
            operation: "KeystoneCreateToken",
            documentation: documentation("en-us_topic_0057845583"),
            parameters: [noCatalog.description],
            body: { loginSchema },
            secrets: ["auth.identity.password.user.password", "password", "token.**", "auth.scope"],
            success: .created,
            answerHeaders: [subjectToken],
            answer: tokenSchema,
            handler: createToken,
        ),
        Endpoint(
            .get,
            "/auth/tokens",
            operation: "KeystoneValidateToken",
            documentation: documentation("en-us_topic_0057845585"),
            parameters: [noCatalog.description],
            headers: [subjectToken],
            answerHeaders: [subjectToken],
            answer: tokenSchema,
            handler: validateToken,
        ),
        Endpoint(
            .delete,
            "/auth/tokens",
            operation: "KeystoneDeleteToken",
            documentation: documentation("iam_02_0063"),
            headers: [subjectToken],
            success: .noContent,
            handler: deleteToken,
        ),
        Endpoint(
            .get,
            "/auth/catalog",
            operation: "KeystoneShowCatalog",
            documentation: "https://support.huaweicloud.com/intl/en-us/api-iam/iam_02_0004.html",
            answer: catalogSchema,
            handler: showCatalog,
        ),
        Endpoint(
            .get,
            "/auth/projects",
            operation: "KeystoneListAuthProjects",
            documentation: "https://support.huaweicloud.com/eu/api-iam/iam_06_0003.html",
            answer: projectsSchema,
            handler: listAuthProjects,
        ),
        Endpoint(
            .get,
            "/auth/domains",
            operation: "KeystoneListAuthDomains",
            documentation: documentation("en-us_topic_0057845574"),
            answer: domainsSchema,
            handler: listAuthDomains,
        ),
        Endpoint(
            .get,
            "/projects",
            operation: "KeystoneListProjects",
            documentation: documentation("en-us_topic_0057845625"),
            parameters: ProjectFilters.parameters,
            answer: projectsSchema,
            handler: listProjects,
        ),
    ]

    private static func documentation(_ topic: String) -> String {
        "https://docs.otc.t-systems.com/identity-access-management/api-ref/\(pages[topic, default: topic]).html"
    }

    /// The pages of the reference by their topics, which do not change as their titles do.
    private static let pages = [
        "en-us_topic_0057845569":
            "apis/version_information_management/querying_keystone_api_version_information",
        "en-us_topic_0057845613":
            "apis/version_information_management/querying_information_about_keystone_api_version_3.0",
        "en-us_topic_0057845583":
            "apis/token_management/obtaining_a_user_token_through_password_authentication",
        "en-us_topic_0057845585": "apis/token_management/verifying_a_token_and_returning_a_valid_token",
        "iam_02_0063": "apis/token_management/deleting_a_user_token",
        "en-us_topic_0057845574":
            "apis/tenant_management/querying_the_list_of_domains_accessible_to_users",
        "en-us_topic_0057845625":
            "apis/project_management/querying_project_information_based_on_the_specified_criteria",
    ]
}
