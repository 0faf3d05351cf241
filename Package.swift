// swift-tools-version: 6.2
import PackageDescription

/// The emulated APIs, one folder each under `Sources`, `Tests` and `seed-data`.
///
/// Adding an API starts with a word here (docs/adding-an-api.md).
let apis = ["VPCEP", "APIG", "Identity", "Cloudflare", "Confluent", "Atlas"]

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// The name of the module in a folder of `Sources`.
///
/// Module names are unique in a build, so those that a project may have for its own, `HTTP` or `Server`, are not ours to take.
func name(_ folder: String) -> String { "Patchbay" + folder }

/// The modules in folders of `Sources`.
func modules(_ folders: String...) -> [Target.Dependency] { folders.map { .init(stringLiteral: name($0)) } }

/// The module in a folder of `Sources`.
func module(_ folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name(folder), dependencies: dependencies, path: "Sources/" + folder)
}

/// What every API module imports.
///
/// Each import is declared: what is not, is not built anew when it changes.
let kit = modules("APIKit", "Store", "HTTP", "JSON")

/// What an API module needs beyond that: the two Open Telekom Cloud APIs are views of the same objects.
let further: [String: [Target.Dependency]] = [
    "VPCEP": modules("OTCKit"), "APIG": modules("OTCKit"), "Identity": modules("OTCKit"), "Confluent": [crypto],
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
            name: name("CSQLite"),
            path: "Sources/CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])],
        ),
        .systemLibrary(name: name("CSystem"), path: "Sources/CSystem"),
        module("JSON"),
        module("HTTP"),
        module("Server", modules("HTTP", "CSystem")),
        module("Store", modules("JSON", "CSQLite", "CSystem")),
        module("APIKit", modules("HTTP", "Store", "JSON") + [crypto]),
        module("OTCKit", kit + [crypto]),
        .target(
            name: name("SeedData"),
            path: "seed-data",
            exclude: apis.map { $0.lowercased() } + ["seeds.image"],
            sources: ["SeedData.c"],
        ),
        .target(
            name: "Patchbay",
            dependencies: kit + modules("Server", "SeedData") + [crypto]
                + apis.map { .init(stringLiteral: name("\($0)API")) },
        ),
        .target(name: "PatchbayTesting", dependencies: ["Patchbay"] + modules("JSON")),
        .executableTarget(
            name: "PatchbayCLI",
            dependencies: ["Patchbay"] + modules("APIKit", "Server", "Store", "JSON") + [argumentParser, log],
        ),

        .target(
            name: "TestKit",
            dependencies: kit + ["Patchbay", "SeededGenerator"] + modules("Server", "CSystem") + [crypto],
            path: "Tests/TestKit",
            exclude: ["README.md"],
        ),

        .executableTarget(name: "conformance", dependencies: modules("JSON"), path: "Tests/Conformance"),
        .executableTarget(
            name: "microbench",
            dependencies: ["Patchbay"] + modules("APIKit", "OTCKit", "Store", "HTTP"),
            path: "Benchmarks/Micro",
        ),

        .testTarget(name: "TestKitTests", dependencies: ["TestKit"] + modules("JSON")),
        .target(name: "SeededGenerator", path: "Tests/SeededGenerator"),
        .target(name: "HTTPRules", path: "Tests/HTTPRules"),

        .testTarget(name: "JSONTests", dependencies: modules("JSON") + ["SeededGenerator"]),
        .testTarget(name: "HTTPTests", dependencies: modules("HTTP") + ["HTTPRules", "SeededGenerator"]),
        .testTarget(
            name: "ServerTests",
            dependencies: modules("Server", "HTTP", "CSystem") + ["HTTPRules", "SeededGenerator"],
        ),
        .testTarget(name: "StoreTests", dependencies: modules("Store", "JSON", "CSQLite") + ["SeededGenerator"]),
        .testTarget(name: "APIKitTests", dependencies: kit + ["SeededGenerator"]),
        .testTarget(
            name: "PatchbayTests",
            dependencies: kit + ["Patchbay", "SeededGenerator"] + modules("Server", "CSystem") + [crypto],
        ),
        .testTarget(name: "PatchbayTestingTests", dependencies: ["PatchbayTesting", "Patchbay"] + modules("JSON")),
        .testTarget(name: "PatchbayCLITests", dependencies: kit + ["PatchbayCLI", "Patchbay", "SeededGenerator"]),
    ]
        + apis.map { api in module("\(api)API", kit + further[api, default: []]) }
        + apis.map { api in
            .testTarget(
                name: "\(api)APITests",
                dependencies: kit + modules("\(api)API") + ["Patchbay", "TestKit", "SeededGenerator"],
                resources: [.copy("Vectors"), .copy("Transcripts")],
            )
        },
    swiftLanguageModes: [.v6],
)

for target in package.targets where target.type != .system && target.name != name("SeedData") {
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
            dependencies: kit + ["Patchbay"] + modules("CSystem"),
            path: "Fuzz/Targets"
        )
    )
}

// Linked by `make test-tsan` alone.
if Context.environment["PATCHBAY_TSAN"] != nil {
    package.targets.append(.target(name: "ThreadSanitizer", path: "Tests/ThreadSanitizer"))
    package.targets.first { $0.name == name("Store") }?.dependencies.append("ThreadSanitizer")
}
