// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
] + (Context.environment["MARTLET_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

/// A library target; `dependencies` are its only arrows down the tree.
func library(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of the target `name`, in `Tests/<name>Tests`.
func tests(
    _ name: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = false
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
        resources: fixtures ? [.copy("Fixtures")] : nil, swiftSettings: settings)
}

let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
]

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "MartletEngine", targets: ["MartletEngine"]),
        .library(name: "MartletServer", targets: ["MartletServer"]),
        .library(name: "MartletDemoModel", targets: ["MartletDemoModel"]),
        .executable(name: "martlet", targets: ["martlet"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(
            url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"),
    ],
    targets: [
        .executableTarget(
            name: "martlet",
            dependencies: [
                "MartletServer", "MartletEngine", "MartletDemoModel", "MartletTensor",
                "MartletJSON", logging, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ] + nio,
            swiftSettings: settings),
        library(
            "MartletServer",
            [
                "MartletEngine", "MartletChat", "MartletTokenizer", "MartletJSON",
                hummingbird, logging, lifecycle, collections,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ] + nio),
        library(
            "MartletEngine",
            [
                "MartletChat", "MartletTokenizer", "MartletScheduling", "MartletExecutor",
                "MartletJSON", logging, lifecycle, collections,
            ]),
        library("MartletChat", ["MartletJSON", collections]),
        library("MartletTokenizer", ["MartletJSON"]),
        library("MartletScheduling", [collections]),
        library(
            "MartletExecutor", ["MartletScheduling", "MartletSampling", "MartletModels"]),
        library("MartletModels", ["MartletWeights", "MartletTensor"]),
        library("MartletSampling", ["MartletTensor"]),
        library("MartletWeights", ["MartletTensor", "MartletJSON"]),
        library("MartletTensor", ["CMartletKernels"]),
        library("MartletJSON", [collections]),
        library("MartletDemoModel", [], resources: [.copy("Resources/DemoModel")]),
        .target(name: "CMartletKernels"),
        tests("MartletJSON"),
        tests("MartletTensor", ["CMartletKernels"]),
        tests("MartletWeights", ["MartletJSON"], fixtures: true),
        tests("MartletSampling", ["MartletTensor"], fixtures: true),
        tests("MartletScheduling"),
        tests("MartletModels", fixtures: true),
        tests("MartletExecutor", ["MartletScheduling", "MartletModels"], fixtures: true),
        tests("MartletTokenizer", ["MartletJSON"], fixtures: true),
        tests("MartletChat", ["MartletJSON", collections], fixtures: true),
        tests("MartletEngine", ["MartletDemoModel"] + nio),
        tests(
            "MartletServer",
            [
                "MartletDemoModel", "MartletJSON",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ] + nio),
    ],
    swiftLanguageModes: [.v6]
)
