// swift-tools-version: 6.2
import PackageDescription

/// The emulated APIs, one folder each under `Sources`, `Tests` and `seed-data`. Adding an API starts with a word here
/// (docs/adding-an-api.md).
let apis = ["VPCEP", "APIG", "Cloudflare", "Confluent", "Atlas"]

/// What an API module needs beyond `APIKit`: the two Open Telekom Cloud APIs are views of the same objects.
let kits = ["VPCEP": ["OTCKit"], "APIG": ["OTCKit"]]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "patchbay",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "patchbay", targets: ["PatchbayCLI"]),
        .library(name: "Patchbay", targets: ["Patchbay"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])],
        ),
        .systemLibrary(name: "CSystem"),
        .target(name: "JSON"),
        .target(name: "HTTP"),
        .target(name: "Server", dependencies: ["HTTP", "CSystem"]),
        .target(name: "Store", dependencies: ["JSON", "CSQLite", "CSystem"]),
        .target(name: "APIKit", dependencies: ["HTTP", "Store", "JSON", crypto]),
        .target(name: "OTCKit", dependencies: ["APIKit"]),
        .target(
            name: "SeedData",
            path: "seed-data",
            exclude: apis.map { $0.lowercased() },
            sources: ["SeedData.c"],
        ),
        .target(
            name: "Patchbay",
            dependencies: ["Server", "APIKit", "OTCKit", "SeedData"] + apis.map { .init(stringLiteral: "\($0)API") },
        ),
        .executableTarget(
            name: "PatchbayCLI",
            dependencies: ["Patchbay", "APIKit", "Server", "Store", "JSON", argumentParser, log],
        ),

        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"]),
        .testTarget(name: "ServerTests", dependencies: ["Server", "HTTP", "CSystem"]),
        .testTarget(name: "StoreTests", dependencies: ["Store"]),
        .testTarget(name: "APIKitTests", dependencies: ["APIKit"]),
        .testTarget(name: "PatchbayTests", dependencies: ["Patchbay"]),
        .testTarget(name: "PatchbayCLITests", dependencies: ["PatchbayCLI", "Patchbay"]),
    ]
        + apis.map { api in
            .target(name: "\(api)API", dependencies: ["APIKit"] + (kits[api] ?? []).map { .init(stringLiteral: $0) })
        }
        + apis.map { api in
            .testTarget(name: "\(api)APITests", dependencies: [.init(stringLiteral: "\(api)API"), "Patchbay"])
        },
    swiftLanguageModes: [.v6],
)

for target in package.targets where target.type != .system && target.name != "SeedData" {
    target.swiftSettings = [
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
        .enableUpcomingFeature("ExistentialAny"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
        .enableUpcomingFeature("InternalImportsByDefault"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
        .enableUpcomingFeature("MemberImportVisibility"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0443-warning-control-flags.md
        .treatAllWarnings(as: .error),
    ]
}
