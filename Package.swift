// swift-tools-version: 6.2
import PackageDescription

/// The emulated APIs, one folder each under `Sources`, `Tests` and `seed-data`.
///
/// Adding an API starts with a word here (docs/adding-an-api.md).
let apis = ["VPCEP", "APIG", "Identity", "Cloudflare", "Confluent", "Atlas"]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// What every API module imports.
///
/// Each import is declared: what is not, is not built anew when it changes.
let kit: [Target.Dependency] = ["APIKit", "Store", "HTTP", "JSON"]

/// What an API module needs beyond that: the two Open Telekom Cloud APIs are views of the same objects.
let further: [String: [Target.Dependency]] = [
    "VPCEP": ["OTCKit"], "APIG": ["OTCKit"], "Identity": ["OTCKit"], "Confluent": [crypto],
]

let package = Package(
    name: "patchbay",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "patchbay", targets: ["PatchbayCLI"]),
        .library(name: "Patchbay", targets: ["Patchbay"]),
        .library(name: "PatchbayTesting", targets: ["PatchbayTesting"]),
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
        .target(name: "OTCKit", dependencies: kit + [crypto]),
        .target(
            name: "SeedData",
            path: "seed-data",
            exclude: apis.map { $0.lowercased() } + ["seeds.image"],
            sources: ["SeedData.c"],
        ),
        .target(
            name: "Patchbay",
            dependencies: kit + ["Server", "SeedData", crypto] + apis.map { .init(stringLiteral: "\($0)API") },
        ),
        .target(name: "PatchbayTesting", dependencies: ["Patchbay", "JSON"]),
        .executableTarget(
            name: "PatchbayCLI",
            dependencies: ["Patchbay", "APIKit", "Server", "Store", "JSON", argumentParser, log],
        ),

        .target(
            name: "TestKit",
            dependencies: [
                "Patchbay", "Server", "APIKit", "Store", "HTTP", "JSON", "CSystem", "SeededGenerator", crypto,
            ],
            path: "Tests/TestKit",
            exclude: ["README.md"],
        ),

        .executableTarget(name: "conformance", dependencies: ["JSON"], path: "Tests/Conformance"),
        .executableTarget(
            name: "microbench",
            dependencies: ["Patchbay", "APIKit", "OTCKit", "Store", "HTTP"],
            path: "Benchmarks/Micro",
        ),

        .testTarget(name: "TestKitTests", dependencies: ["TestKit", "JSON"]),
        .target(name: "SeededGenerator", path: "Tests/SeededGenerator"),
        .target(name: "HTTPRules", path: "Tests/HTTPRules"),

        .testTarget(name: "JSONTests", dependencies: ["JSON", "SeededGenerator"]),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "HTTPRules", "SeededGenerator"]),
        .testTarget(name: "ServerTests", dependencies: ["Server", "HTTP", "HTTPRules", "CSystem", "SeededGenerator"]),
        .testTarget(name: "StoreTests", dependencies: ["Store", "JSON", "CSQLite", "SeededGenerator"]),
        .testTarget(name: "APIKitTests", dependencies: kit + ["SeededGenerator"]),
        .testTarget(
            name: "PatchbayTests",
            dependencies: kit + ["Patchbay", "Server", "CSystem", "SeededGenerator", crypto],
        ),
        .testTarget(name: "PatchbayTestingTests", dependencies: ["PatchbayTesting", "Patchbay", "JSON"]),
        .testTarget(name: "PatchbayCLITests", dependencies: kit + ["PatchbayCLI", "Patchbay", "SeededGenerator"]),
    ]
        + apis.map { api in
            .target(name: "\(api)API", dependencies: kit + further[api, default: []])
        }
        + apis.map { api in
            .testTarget(
                name: "\(api)APITests",
                dependencies: kit + [.init(stringLiteral: "\(api)API"), "Patchbay", "TestKit", "SeededGenerator"],
                resources: [.copy("Vectors"), .copy("Transcripts")],
            )
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

// Built by `make fuzz` alone: without -sanitize=fuzzer there is nothing to link it with.
if Context.environment["PATCHBAY_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: kit + ["Patchbay", "CSystem"],
            path: "Fuzz/Targets"
        )
    )
}

// Linked by `make test-tsan` alone.
if Context.environment["PATCHBAY_TSAN"] != nil {
    package.targets.append(.target(name: "ThreadSanitizer", path: "Tests/ThreadSanitizer"))
    package.targets.first { $0.name == "Store" }?.dependencies.append("ThreadSanitizer")
}
