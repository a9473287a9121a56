// swift-tools-version: 6.2
import PackageDescription

// One target for each folder of projections/: its schema.sql is embedded into the binary, and the names that
// SwiftPM makes for embedded files come from the file name alone, so two schema.sql cannot share a target.
let projections = [
    "Organizations", "Accounts", "Grants", "Employees", "ReportingLines", "EmployeeNames", "EmployeeFacets",
    "OrganizationKeys",
    "Groups", "GroupMemberships", "MembershipSets",
    "Apps", "Mappings", "Preferences", "Webhooks",
]

let testSettings: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny")]

// An asynchronous function runs where its caller does, so that a request does not look for its executor at each of its calls.
let settings = testSettings + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]

func product(_ name: String, _ package: String) -> Target.Dependency { .product(name: name, package: package) }

func projection(_ name: String) -> Target {
    .target(
        name: "\(name)Projection",
        dependencies: ["CanonicalJSON", "EventSourcing", "DirectoryEvents", "DirectoryRows"],
        path: "projections/\(name)", resources: [.embedInCode("schema.sql")], swiftSettings: settings)
}

func library(
    _ name: String, _ dependencies: [Target.Dependency] = [], _ more: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings + more)
}

// Lets other modules compile its generic code for their own types; without it such code looks up at run time what they are.
let specializable: [SwiftSetting] = [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
        path: "Tests/\(name)Tests",
        swiftSettings: testSettings)
}

let projectionTargets: [Target.Dependency] = projections.map { .target(name: "\($0)Projection") }

let package = Package(
    name: "directory",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "directory", targets: ["DirectoryCommand"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev", "pkg-config"]), .brew(["libpq"])]),
        library("CanonicalJSON"),
        library("Instruments"),
        library("EventSourcing", ["CanonicalJSON"], specializable),
        library(
            "Postgres",
            [
                "CLibPQ", product("DequeModule", "swift-collections"), product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ]),
        library("EmbeddedPostgres", [product("Subprocess", "swift-subprocess"), product("Logging", "swift-log")]),
        .target(
            name: "Migrations",
            dependencies: ["Postgres", product("Crypto", "swift-crypto"), product("Logging", "swift-log")],
            path: "migrations",
            resources: [
                "0001_log.sql", "0002_secrets.sql", "0003_checkpoints.sql", "0004_erasures.sql", "0005_readings.sql",
                "0006_webhooks.sql", "functions",
            ]
            .map { .embedInCode($0) },
            swiftSettings: settings),
        library("TransparencyLog", ["CanonicalJSON", product("Crypto", "swift-crypto")]),
        library(
            "EventLog",
            [
                "EventSourcing", "CanonicalJSON", "Postgres", "TransparencyLog", product("Crypto", "swift-crypto"),
                product("Logging", "swift-log"),
            ]),
        library(
            "ReadModels", ["EventSourcing", "EventLog", "Migrations", "Postgres", product("Logging", "swift-log")]),
        library(
            "CommandProcessor",
            [
                "EventSourcing", "EventLog", "Instruments", "ReadModels", "Postgres", product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ]),
        library("DirectoryEvents", ["EventSourcing", "CanonicalJSON"]),
        library("DirectoryRows", ["DirectoryEvents", "EventSourcing", "CanonicalJSON"]),
    ] + projections.map(projection) + [
        library(
            "Directory",
            [
                "EventSourcing", "CanonicalJSON", "DirectoryEvents", "DirectoryRows", product("Crypto", "swift-crypto"),
                product("SwiftCSV", "SwiftCSV"),
            ] + projectionTargets),
        .target(
            name: "Console",
            resources: ["Page", "Core", "Parts", "Views"].map { .embedInCode($0) }, swiftSettings: settings),
        .target(
            name: "DirectoryAPI",
            dependencies: [
                "Console", "Directory", "DirectoryEvents", "DirectoryRows", "CommandProcessor", "EventLog",
                "Instruments", "ReadModels",
                "TransparencyLog",
                "Postgres",
                "CanonicalJSON", product("Hummingbird", "hummingbird"), product("HummingbirdCore", "hummingbird"),
                product("JWTKit", "jwt-kit"), product("Crypto", "swift-crypto"),
                product("AsyncHTTPClient", "async-http-client"), product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
                product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"), product("NIOHTTP1", "swift-nio"),
                product("NIOSSL", "swift-nio-ssl"), product("DequeModule", "swift-collections"),
            ] + projectionTargets, resources: [.embedInCode("OpenAPI/Page")], swiftSettings: settings),
        .executableTarget(
            name: "DirectoryCommand",
            dependencies: [
                "CanonicalJSON", "Directory", "DirectoryAPI", "DirectoryEvents", "EmbeddedPostgres", "EventLog",
                "EventSourcing", "Migrations", "Postgres", "ReadModels", "TransparencyLog",
                product("AsyncHTTPClient", "async-http-client"), product("Crypto", "swift-crypto"),
                product("Logging", "swift-log"),
                product("NIOCore", "swift-nio"), product("NIOPosix", "swift-nio"),
                product("ArgumentParser", "swift-argument-parser"), product("Configuration", "swift-configuration"),
                product("ServiceLifecycle", "swift-service-lifecycle"),
            ], swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: [
                "CanonicalJSON", "EmbeddedPostgres", "Postgres", product("Logging", "swift-log"),
                product("ServiceLifecycle", "swift-service-lifecycle"), product("Hummingbird", "hummingbird"),
                product("HummingbirdTLS", "hummingbird"), product("NIOSSL", "swift-nio-ssl"),
            ], path: "Tests/TestSupport", swiftSettings: testSettings),
        tests("CanonicalJSON"), tests("Postgres", ["EmbeddedPostgres"]), tests("EmbeddedPostgres"),
        tests("EventSourcing"), tests("Instruments"),
        tests("TransparencyLog", ["CanonicalJSON", product("Crypto", "swift-crypto")]),
        tests("EventLog", ["EmbeddedPostgres", "Migrations", "TransparencyLog"]),
        tests("ReadModels", ["EmbeddedPostgres", "EventLog", "Directory", "DirectoryEvents"] + projectionTargets),
        tests("CommandProcessor", ["EmbeddedPostgres", "EventLog", "Instruments", "ReadModels"]),
        tests(
            "Directory",
            ["EventSourcing", "CanonicalJSON", "DirectoryEvents"] + projectionTargets),
        .testTarget(
            name: "DirectoryEventsTests",
            dependencies: ["Directory", "DirectoryEvents", "EventSourcing", "CanonicalJSON", "TestSupport"],
            exclude: ["StoredEvents"], swiftSettings: testSettings),
        tests(
            "DirectoryAPI",
            [
                "Console", "EmbeddedPostgres", "EmployeeNamesProjection", "EventLog", "Instruments", "TransparencyLog",
                product("AsyncHTTPClient", "async-http-client"),
                product("Hummingbird", "hummingbird"), product("CryptoExtras", "swift-crypto"),
                product("NIOSSL", "swift-nio-ssl"),
            ]),
        tests(
            "DirectoryCommand",
            ["EmbeddedPostgres", "Postgres", "TransparencyLog", product("AsyncHTTPClient", "async-http-client")]),
    ]
)
