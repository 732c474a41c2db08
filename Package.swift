// swift-tools-version: 6.2
import PackageDescription

/// Language features and warnings that hold for every target of this package.
let strict: [SwiftSetting] = [
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
  .enableUpcomingFeature("ExistentialAny"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
  .enableUpcomingFeature("InternalImportsByDefault"),
  // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A target that sees only what a third party sees.
func outside(
  _ name: String, _ dependencies: [Target.Dependency], path: String? = nil,
  exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude,
    packageAccess: false,
    swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "slipway",
  products: [
    .executable(name: "flowrex", targets: ["flowrex"]),
    .executable(name: "flowrex-console", targets: ["flowrex-console"]),
    .executable(name: "slipway", targets: ["slipway"]),
    .executable(name: "slipway-gate", targets: ["slipway-gate"]),
    // For other repositories: the DSL, the vocabulary, and the one entry point.
    .library(name: "Slipway", targets: ["ServiceContract", "Slipway", "SlipwayCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSyncFS"),
    module("ServiceContract"),
    module("PromQL"),
    module("SlipwayDiagnostics"),
    module("SlipwayDocuments", ["CLibYAML", "PromQL", "SlipwayDiagnostics"]),
    module("Slipway", ["ServiceContract", "PromQL", "SlipwayDiagnostics"]),
    outside("FlowrexContract", ["ServiceContract"]),
    outside("ExporterCatalogues", ["ServiceContract"]),
    module("CatalogueGenerator"),
    .executableTarget(
      name: "catalogue", dependencies: ["CatalogueGenerator"], swiftSettings: strict),
    module(
      "SlipwayModel", ["CLibCrypto", "Slipway", "SlipwayDocuments", "SlipwayDiagnostics"]),
    module("SlipwayEmitters", ["SlipwayModel", "SlipwayDocuments"]),
    module("SlipwayRules", ["SlipwayModel", "SlipwayDocuments"]),
    module("SlipwayPipeline", ["SlipwayModel", "SlipwayEmitters", "SlipwayRules"]),
    module("SlipwayAudit", ["SlipwayDocuments", "PromQL", "SlipwayDiagnostics"]),
    module("SlipwayPrograms"),
    module("SlipwayLeaks", ["SlipwayModel", "SlipwayDiagnostics"]),
    module(
      "SlipwayCommand",
      [
        "CSyncFS", "SlipwayPipeline", "SlipwayAudit", "SlipwayLeaks", "SlipwayPrograms",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    module("SlipwayTraceability"),
    .executableTarget(
      name: "traceability", dependencies: ["SlipwayTraceability"], swiftSettings: strict),
    module(
      "SlipwayEvidence",
      [
        "SlipwayModel", "SlipwayDocuments", "SlipwayDiagnostics", "SlipwayPrograms",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "X509", package: "swift-certificates"),
      ]),
    .executableTarget(
      name: "slipway-gate",
      dependencies: [
        "SlipwayEvidence", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    outside(
      "Environments", ["Slipway", "FlowrexContract", "ExporterCatalogues"], path: "environments",
      exclude: ["Lock.json", "signers"]),
    .executableTarget(
      name: "slipway", dependencies: ["SlipwayCommand", "Environments"], swiftSettings: strict),

    // The service. Nothing here may import the generator, nor the generator this. (design §3)
    .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
    module(
      "FlowrexAPI",
      [
        "FlowrexAuth", "FlowrexCache", "FlowrexConfiguration", "FlowrexContract",
        "FlowrexLimits", "FlowrexMarket", "FlowrexMetrics", "FlowrexServing", "FlowrexStore",
        "FlowrexStream", "FlowrexTraces", "FlowrexTrading", "Ledger", "Risk", "ServiceContract",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]),
    module(
      "FlowrexAuth",
      [
        "CCrypt", "FlowrexContract", "ServiceContract",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    module(
      "FlowrexConfiguration",
      [
        "FlowrexContract", "Risk", "ServiceContract",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    module(
      "FlowrexCache",
      ["FlowrexContract", "FlowrexMetrics", "FlowrexResilience", "FlowrexStore", "Ledger"]),
    .target(
      name: "FlowrexConsole",
      dependencies: [
        "FlowrexConfiguration", "FlowrexContract", "FlowrexMetrics", "FlowrexServing",
        "ServiceContract",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      resources: [.embedInCode("Files")], swiftSettings: strict),
    module(
      "FlowrexHost",
      [
        "FlowrexConfiguration", "FlowrexContract", "FlowrexMetrics", "FlowrexServing",
        "ServiceContract",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    module("FlowrexLimits", ["FlowrexContract", "ServiceContract"]),
    module(
      "FlowrexMarket",
      [
        "FlowrexContract", "FlowrexMetrics", "FlowrexResilience", "FlowrexTrading", "Ledger",
        "ServiceContract",
      ]),
    module("FlowrexMetrics", ["FlowrexContract", "ServiceContract"]),
    module(
      "FlowrexServing",
      [
        "FlowrexConfiguration", "FlowrexContract", "FlowrexMetrics", "ServiceContract",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(name: "CLibSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
    module(
      "FlowrexRedis",
      [
        "CHiredis", "CLibSSL", "FlowrexCache", "FlowrexContract", "FlowrexLimits",
        "FlowrexMetrics", "FlowrexResilience", "ServiceContract",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    module("FlowrexResilience", ["FlowrexContract"]),
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    module(
      "FlowrexStore",
      [
        "FlowrexAuth", "FlowrexContract", "Ledger", "Risk",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    module("FlowrexStorePostgres", ["CLibPQ", "FlowrexStore", "Ledger"]),
    module(
      "FlowrexStoreSQLite",
      ["FlowrexStore", "Ledger", .product(name: "GRDB", package: "GRDB.swift")]),
    module(
      "FlowrexStream",
      [
        "FlowrexAuth", "FlowrexContract", "FlowrexLimits", "FlowrexMetrics", "FlowrexStore",
        "Ledger", "ServiceContract",
      ]),
    module(
      "FlowrexTraces",
      [
        "FlowrexConfiguration", "FlowrexStore", "FlowrexTrading", "Ledger",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]),
    module("FlowrexTrading", ["FlowrexContract", "FlowrexStore", "Ledger", "Risk"]),
    module("FlowrexVenue", ["FlowrexContract", "FlowrexTrading", "Ledger"]),
    module(
      "FlowrexVenueLine",
      [
        "FlowrexConfiguration", "FlowrexContract", "FlowrexServing", "FlowrexTrading",
        "FlowrexVenue", "Ledger", "ServiceContract",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    module(
      "FlowrexWorker",
      [
        "FlowrexContract", "FlowrexMetrics", "FlowrexResilience", "FlowrexStore", "FlowrexTrading",
        "Ledger", "Risk", "ServiceContract", .product(name: "Logging", package: "swift-log"),
      ]),
    module("Ledger", ["FlowrexContract"]),
    module("Risk", ["FlowrexContract", "Ledger", "ServiceContract"]),

    .executableTarget(
      name: "flowrex",
      dependencies: [
        "FlowrexAPI", "FlowrexAuth", "FlowrexCache", "FlowrexConfiguration", "FlowrexContract",
        "FlowrexHost", "FlowrexLimits", "FlowrexMarket", "FlowrexMetrics", "FlowrexRedis",
        "FlowrexResilience", "FlowrexServing", "FlowrexStore", "FlowrexStorePostgres",
        "FlowrexStoreSQLite", "FlowrexStream", "FlowrexTraces", "FlowrexTrading", "FlowrexVenue",
        "FlowrexVenueLine",
        "FlowrexWorker", "Ledger", "Risk", "ServiceContract",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "flowrex-console",
      dependencies: [
        "FlowrexConfiguration", "FlowrexConsole", "FlowrexContract", "FlowrexHost",
        "FlowrexMetrics", "FlowrexServing", "ServiceContract",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    // Tests: small targets, for SwiftPM compiles them all even to run one.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    outside("Fixtures", ["Slipway"], path: "Tests/Fixtures"),
    .target(
      name: "FlowrexSupport",
      dependencies: [
        "FlowrexContract", "FlowrexStore", "FlowrexStorePostgres", "FlowrexStoreSQLite",
        "FlowrexTrading", "FlowrexVenue", "Ledger", "Risk", "TestSupport",
      ],
      path: "Tests/FlowrexSupport", exclude: ["stand-ins"], swiftSettings: strict),
    tests("PromQLTests", ["PromQL"]),
    tests("SlipwayDocumentsTests", ["SlipwayDocuments"]),
    tests("FlowrexContractTests", ["FlowrexContract", "ServiceContract", "TestSupport"]),
    tests(
      "ExporterCataloguesTests",
      ["CatalogueGenerator", "ExporterCatalogues", "ServiceContract", "TestSupport"]),
    tests("ModelTests", ["SlipwayModel", "Fixtures", "TestSupport"]),
    .target(
      name: "RuleSupport",
      dependencies: ["SlipwayPipeline", "SlipwayRules", "SlipwayModel", "Fixtures", "TestSupport"],
      path: "Tests/RuleSupport", swiftSettings: strict),
    tests(
      "RuleTests",
      [
        "ServiceContract", "Slipway", "SlipwayDiagnostics", "SlipwayModel", "SlipwayPipeline",
        "SlipwayRules", "Fixtures", "RuleSupport", "TestSupport",
      ]),
    .target(
      name: "HardStops",
      dependencies: [
        "RuleSupport", "SlipwayAudit", "SlipwayDiagnostics", "SlipwayEvidence", "SlipwayModel",
        "SlipwayPipeline", "SlipwayRules", "SlipwayTraceability", "Environments", "Fixtures",
        "TestSupport",
      ],
      path: "Tests/HardStops", swiftSettings: strict),
    .executableTarget(
      name: "hard-stops", dependencies: ["HardStops", "TestSupport"],
      path: "Tests/HardStopsPage", swiftSettings: strict),
    tests(
      "HardStopTests", ["flowrex", "Environments", "HardStops", "SlipwayEvidence", "TestSupport"]),
    tests("AuditTests", ["slipway", "SlipwayAudit", "SlipwayDiagnostics", "TestSupport"]),
    .executableTarget(
      name: "audit-recall",
      dependencies: [
        "SlipwayAudit", "SlipwayDiagnostics", "ExporterCatalogues", "ServiceContract",
      ],
      path: "Tests/AuditRecall", exclude: ["labels.tsv"], swiftSettings: strict),
    .target(
      name: "ReaderTrials",
      dependencies: [
        "PromQL", "SlipwayAudit", "SlipwayDiagnostics", "SlipwayDocuments", "SlipwayLeaks",
        "SlipwayModel",
      ],
      path: "Tests/ReaderTrials", swiftSettings: strict),
    .target(
      name: "EvidenceTrials", dependencies: ["ReaderTrials", "SlipwayEvidence", "SlipwayModel"],
      path: "Tests/EvidenceTrials", swiftSettings: strict),
    .executableTarget(
      name: "reader-fuzz", dependencies: ["ReaderTrials"], path: "Tests/ReaderFuzz",
      swiftSettings: strict),
    .executableTarget(
      name: "evidence-fuzz", dependencies: ["EvidenceTrials", "ReaderTrials"],
      path: "Tests/EvidenceFuzz", swiftSettings: strict),
    .testTarget(
      name: "ReaderTrialTests", dependencies: ["EvidenceTrials", "ReaderTrials", "TestSupport"],
      exclude: ["corpus"], swiftSettings: strict),
    tests("LeakTests", ["slipway", "SlipwayLeaks", "SlipwayModel", "Environments", "TestSupport"]),
    tests(
      "PipelineTests",
      [
        "SlipwayPipeline", "SlipwayPrograms", "SlipwayDiagnostics", "SlipwayDocuments", "Fixtures",
      ]),
    tests(
      "MonitoringEmitterTests",
      [
        "SlipwayEmitters", "SlipwayModel", "SlipwayDocuments", "Environments", "Fixtures",
        "TestSupport",
      ]),
    .testTarget(
      name: "NginxEmitterTests",
      dependencies: [
        "FlowrexContract", "ServiceContract", "SlipwayEmitters", "SlipwayModel",
        "SlipwayDocuments", "Environments", "Fixtures", "TestSupport",
      ],
      exclude: ["stand-ins"], swiftSettings: strict),
    .testTarget(
      name: "EvidenceTests",
      dependencies: ["slipway", "slipway-gate", "SlipwayEvidence", "SlipwayModel", "TestSupport"],
      exclude: ["stand-ins"], swiftSettings: strict),
    .testTarget(
      name: "GateTests",
      dependencies: [
        "flowrex", "slipway-gate", "SlipwayEvidence", "SlipwayEmitters", "SlipwayModel",
        "SlipwayDocuments", "Environments", "TestSupport",
      ],
      exclude: ["fixtures", "stand-ins"], swiftSettings: strict),
    .testTarget(
      name: "SecretTests",
      dependencies: [
        "slipway", "slipway-gate", "SlipwayEvidence", "SlipwayModel", "TestSupport",
      ],
      exclude: ["rehearsals", "stand-ins"], swiftSettings: strict),
    .testTarget(
      name: "StackEmitterTests",
      dependencies: [
        "SlipwayPipeline", "SlipwayEmitters", "SlipwayModel", "SlipwayDocuments",
        "Environments", "Fixtures", "TestSupport",
      ],
      exclude: ["rehearsals"], swiftSettings: strict),
    .testTarget(
      name: "DeliveryEmitterTests",
      dependencies: [
        "flowrex", "slipway-gate", "SlipwayEmitters", "SlipwayModel", "SlipwayDocuments",
        "Environments", "Fixtures", "TestSupport",
      ],
      exclude: ["Profiles"], swiftSettings: strict),
    tests(
      "DocsEmitterTests",
      [
        "SlipwayEmitters", "SlipwayModel", "SlipwayDocuments", "Environments", "Fixtures",
        "TestSupport",
      ]),
    tests(
      "EmitterConformanceTests",
      [
        "SlipwayPipeline", "SlipwayEmitters", "SlipwayModel", "SlipwayDocuments", "Environments",
        "Fixtures", "TestSupport",
      ]),
    .testTarget(
      name: "ScriptTests",
      dependencies: [
        "slipway-gate", "SlipwayEvidence", "SlipwayPipeline", "SlipwayEmitters", "SlipwayModel",
        "Slipway", "ServiceContract", "Environments", "TestSupport",
      ],
      exclude: ["rehearsals", "stand-ins"], swiftSettings: strict),
    .testTarget(
      name: "StoresTests",
      dependencies: [
        "SlipwayEmitters", "SlipwayModel", "SlipwayDocuments", "Slipway", "Fixtures", "TestSupport",
      ],
      exclude: ["stand-ins"], swiftSettings: strict),
    .target(
      name: "FlowrexConformance",
      dependencies: [
        "FlowrexAuth", "FlowrexCache", "FlowrexContract", "FlowrexLimits", "FlowrexMarket",
        "FlowrexTrading", "Ledger", "ServiceContract",
      ],
      path: "Tests/FlowrexConformance", swiftSettings: strict),
    tests(
      "FlowrexAPITests",
      [
        "FlowrexAPI", "FlowrexAuth", "FlowrexConfiguration", "FlowrexContract", "FlowrexLimits",
        "FlowrexMetrics", "FlowrexServing", "FlowrexStore", "Ledger", "ServiceContract",
        "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      "FlowrexAuthTests",
      [
        "FlowrexAuth", "FlowrexConformance", "FlowrexContract", "ServiceContract", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    tests(
      "FlowrexCacheTests",
      [
        "FlowrexCache", "FlowrexConformance", "FlowrexContract", "FlowrexMetrics", "FlowrexStore",
        "FlowrexStorePostgres", "FlowrexSupport", "FlowrexTrading", "Ledger", "ServiceContract",
        "TestSupport",
      ]),
    tests(
      "FlowrexRedisTests",
      [
        "FlowrexCache", "FlowrexConformance", "FlowrexContract", "FlowrexLimits",
        "FlowrexMetrics", "FlowrexRedis", "FlowrexSupport", "ServiceContract", "TestSupport",
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests(
      "FlowrexResilienceTests", ["FlowrexContract", "FlowrexResilience", "TestSupport"]),
    tests(
      "FlowrexConfigurationTests",
      ["FlowrexConfiguration", "FlowrexContract", "ServiceContract", "TestSupport"]),
    tests(
      "FlowrexConsoleTests",
      [
        "flowrex", "flowrex-console", "FlowrexConfiguration", "FlowrexConsole",
        "FlowrexContract", "FlowrexMetrics", "FlowrexServing", "FlowrexSupport",
        "ServiceContract", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ]),
    tests(
      "FlowrexMarketTests",
      [
        "FlowrexConformance", "FlowrexContract", "FlowrexMarket", "FlowrexMetrics",
        "FlowrexResilience", "FlowrexSupport", "FlowrexTrading", "Ledger", "ServiceContract",
        "TestSupport",
      ]),
    tests(
      "FlowrexMetricsTests",
      [
        "FlowrexConformance", "FlowrexContract", "FlowrexLimits", "FlowrexMetrics",
        "ServiceContract", "TestSupport",
      ]),
    tests(
      "FlowrexStreamTests",
      [
        "FlowrexAuth", "FlowrexContract", "FlowrexMetrics", "FlowrexStore", "FlowrexStream",
        "Ledger", "ServiceContract", "TestSupport",
      ]),
    tests(
      "FlowrexTracesTests",
      [
        "FlowrexStore", "FlowrexStoreSQLite", "FlowrexSupport", "FlowrexTraces", "FlowrexTrading",
        "Ledger", "TestSupport",
        .product(name: "Tracing", package: "swift-distributed-tracing"),
      ]),
    tests(
      "FlowrexTests",
      [
        "flowrex", "FlowrexAPI", "FlowrexContract", "FlowrexStorePostgres", "FlowrexSupport",
        "FlowrexTrading", "FlowrexVenue", "Ledger", "ServiceContract", "TestSupport",
      ]),
    tests(
      "FlowrexStoreTests",
      [
        "FlowrexAuth", "FlowrexConformance", "FlowrexContract", "FlowrexStore",
        "FlowrexStorePostgres", "FlowrexStoreSQLite", "FlowrexSupport", "FlowrexTrading",
        "Ledger", "Risk", "TestSupport",
      ]),
    tests(
      "FlowrexWorkerTests",
      [
        "FlowrexContract", "FlowrexMetrics", "FlowrexResilience", "FlowrexStore",
        "FlowrexSupport", "FlowrexTrading", "FlowrexVenue", "FlowrexWorker", "Ledger", "Risk",
        "ServiceContract", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      "FlowrexTradingTests",
      [
        "FlowrexContract", "FlowrexStore", "FlowrexStoreSQLite", "FlowrexSupport",
        "FlowrexTrading", "FlowrexVenue", "Ledger", "Risk", "TestSupport",
      ]),
    tests(
      "FlowrexVenueTests",
      [
        "FlowrexConfiguration", "FlowrexConformance", "FlowrexContract", "FlowrexSupport",
        "FlowrexTrading", "FlowrexVenue", "FlowrexVenueLine", "Ledger", "TestSupport",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    .target(
      name: "SimulatedWorlds",
      dependencies: [
        "FlowrexContract", "FlowrexStore", "FlowrexStoreSQLite", "FlowrexSupport",
        "FlowrexTrading", "FlowrexVenue", "Ledger", "Risk",
      ],
      path: "Tests/SimulatedWorlds", swiftSettings: strict),
    .executableTarget(
      name: "simulate", dependencies: ["FlowrexTrading", "Ledger", "SimulatedWorlds"],
      path: "Tests/SimulationRuns", swiftSettings: strict),
    tests("SimulationTests", ["FlowrexTrading", "SimulatedWorlds", "TestSupport"]),
    .target(
      name: "LedgerTrials", dependencies: ["FlowrexContract", "Ledger"],
      path: "Tests/LedgerTrials", swiftSettings: strict),
    .executableTarget(
      name: "histories", dependencies: ["LedgerTrials"], path: "Tests/LedgerRuns",
      swiftSettings: strict),
    tests("LedgerTests", ["FlowrexContract", "Ledger", "LedgerTrials"]),
    tests("RiskTests", ["FlowrexContract", "Ledger", "Risk", "ServiceContract"]),
    tests("LibraryTests", ["TestSupport"]),
    tests("TidyTests", ["TestSupport"]),
    tests("TraceabilityTests", ["SlipwayTraceability", "TestSupport"]),
    .testTarget(
      name: "RequirementTests", dependencies: ["SlipwayDocuments", "TestSupport"],
      exclude: ["stand-ins"], swiftSettings: strict),
    tests("CommandTests", ["slipway", "TestSupport"]),
    tests("NegativeCompileTests", ["Environments", "TestSupport"]),
  ])
