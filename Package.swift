// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] =
    [
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

/// What the tests of several targets share, in `Tests/<name>`; no product has it.
func testSupport(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

let orderedCollections: Target.Dependency = .product(
    name: "OrderedCollections", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let locks: Target.Dependency = .product(
    name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")

/// What a test puts an engine together from.
let engineParts: [Target.Dependency] = [
    "MartletEngineTestSupport", "MartletDemoModel", "MartletExecutor", "MartletSampling",
    "MartletScheduling",
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
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.3"),
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
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.5.0"),
    ],
    targets: [
        .executableTarget(
            name: "martlet",
            dependencies: [
                "MartletServer", "MartletEngine", "MartletDemoModel", "MartletTensor",
                "MartletJSON", logging, lifecycle, nioCore, nioHTTP1,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        library(
            "MartletServer",
            [
                "MartletEngine", "MartletChat", "MartletTokenizer", "MartletJSON", hummingbird,
                logging, lifecycle, orderedCollections, nioCore, nioHTTP1, httpTypes,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]),
        library(
            "MartletEngine",
            [
                "MartletChat", "MartletTokenizer", "MartletScheduling", "MartletExecutor",
                "MartletModels", "MartletSampling", "MartletTensor", "MartletJSON", logging,
                lifecycle, locks, orderedCollections,
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        library("MartletChat", ["MartletJSON", orderedCollections]),
        library("MartletTokenizer", ["MartletJSON", locks]),
        library(
            "MartletScheduling", [.product(name: "HeapModule", package: "swift-collections")]),
        library(
            "MartletExecutor",
            ["MartletScheduling", "MartletSampling", "MartletModels", "MartletTensor"]),
        library("MartletModels", ["MartletWeights", "MartletTensor"]),
        library("MartletSampling", ["MartletTensor"]),
        library("MartletWeights", ["MartletTensor", "MartletJSON"]),
        library("MartletTensor", ["CMartletKernels"]),
        library("MartletJSON", [orderedCollections]),
        library("MartletDemoModel", [], resources: [.copy("Resources/DemoModel")]),
        .target(name: "CMartletKernels"),
        testSupport("MartletTestSupport"),
        testSupport(
            "MartletEngineTestSupport", ["MartletEngine", "MartletTokenizer", "MartletJSON"]),
        tests("MartletJSON"),
        tests("MartletTensor", ["MartletTestSupport", "CMartletKernels"]),
        tests("MartletWeights", ["MartletTestSupport", "MartletJSON"], fixtures: true),
        tests("MartletSampling", ["MartletTestSupport", "MartletTensor"], fixtures: true),
        tests("MartletScheduling", ["MartletTestSupport"]),
        tests(
            "MartletModels", ["MartletTestSupport", "MartletWeights", "MartletTensor"],
            fixtures: true),
        tests(
            "MartletExecutor",
            [
                "MartletTestSupport", "MartletDemoModel", "MartletScheduling", "MartletModels",
                "MartletTensor",
            ],
            fixtures: true),
        tests("MartletTokenizer", ["MartletTestSupport", "MartletJSON"], fixtures: true),
        tests("MartletChat", ["MartletJSON", orderedCollections], fixtures: true),
        tests(
            "MartletEngine",
            engineParts + [
                "MartletTestSupport", lifecycle, locks, logging, nioCore, nioPosix,
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ]),
        tests(
            "MartletServer",
            engineParts + [
                "MartletEngine", "MartletChat", "MartletJSON", "martlet", orderedCollections,
                logging, nioCore, hummingbird, httpTypes,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
