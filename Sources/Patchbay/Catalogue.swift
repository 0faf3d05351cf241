internal import PatchbayAPIGAPI
public import PatchbayAPIKit
internal import PatchbayAtlasAPI
internal import PatchbayCloudflareAPI
internal import PatchbayConfluentAPI
internal import PatchbayIdentityAPI
internal import PatchbayVPCEPAPI

/// The emulated APIs.
///
/// Adding one ends with a line here (docs/adding-an-api.md).
public enum Catalogue {
    /// The APIs, in the order in which they are listed everywhere.
    private static let apis: [any API.Type] = [
        VPCEPAPI.self, APIGAPI.self, IdentityAPI.self, AtlasAPI.self, ConfluentAPI.self, CloudflareAPI.self,
    ]

    /// The APIs with their types erased.
    public static func services() throws(RouteConflict) -> [Service] {
        var services: [Service] = []
        for api in apis { services.append(try service(api)) }
        return services
    }

    /// Where the APIs' documents leave more than one reading.
    public static var quirks: [Quirk] { apis.flatMap { $0.quirks } }

    private static func service<A: API>(_ api: A.Type) throws(RouteConflict) -> Service { try Service(api) }
}
