// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "vpc-services",
    platforms: [.macOS(.v15)],
    dependencies: [
        // In a project of your own: .package(url: "https://…/patchbay", from: "0.1.0").
        .package(name: "patchbay", path: "../..")
    ],
    targets: [
        .target(name: "VPCServices"),
        .testTarget(
            name: "VPCServicesTests",
            dependencies: [
                "VPCServices",
                .product(name: "Patchbay", package: "patchbay"),
                .product(name: "PatchbayTesting", package: "patchbay"),
            ],
            resources: [.copy("Seeds")],
        ),
    ],
)
