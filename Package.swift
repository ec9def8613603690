// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .treatWarning("DeprecatedDeclaration", as: .warning),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
]

func library(
  _ name: String,
  _ dependencies: [Target.Dependency] = [],
  resources: [Resource] = [],
  linkerSettings: [LinkerSetting] = []
) -> Target {
  .target(
    name: name,
    dependencies: dependencies,
    resources: resources,
    swiftSettings: strict,
    linkerSettings: linkerSettings
  )
}

// deploy/librdkafka makes it and links its folder; where it is not, the system's is taken.
let librdkafka: [LinkerSetting] = [
  .unsafeFlags(["-L\(Context.packageDirectory)/Sources/CKafka/librdkafka/lib"])
]

func tests(
  _ name: String,
  _ dependencies: [Target.Dependency],
  exclude: [String] = []
) -> Target {
  .testTarget(
    name: name,
    dependencies: dependencies + ["TestSupport"],
    exclude: exclude,
    swiftSettings: strict
  )
}

let package = Package(
  name: "leeway",
  products: [
    .executable(name: "leeway", targets: ["leeway"]),
    .library(name: "LeewayCore", targets: ["Sketches", "Statistics", "Events", "Expressions"]),
    .library(name: "LeewayArguments", targets: ["Arguments"]),
    .library(
      name: "LeewayMonitoring",
      targets: [
        "Monitoring", "Specification", "Standing", "Records", "YAML", "Connectors", "Ingest",
        "Trials", "Labelling",
      ]
    ),
  ],
  targets: [
    // C: headers of ours and the system's libraries.
    .target(name: "CVector"),
    .systemLibrary(name: "CXXHash"),
    .systemLibrary(name: "CKafka"),
    .systemLibrary(name: "CRocksDB", providers: [.apt(["librocksdb-dev"])]),
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),

    // The core: values, no clock, no logger, no I/O.
    library("Sketches", ["CXXHash"]),
    library("Statistics"),
    library("Events", ["CVector", "CXXHash"]),
    library("Expressions", ["Events"]),
    library("Arguments", ["Expressions", "Events"]),
    library("Records", ["Events"]),
    library("Standing", ["Records", "Events"]),
    library("YAML", ["Events", "Expressions", "CYAML"]),
    library("Specification", ["Records", "YAML", "Statistics", "Events", "Expressions"]),
    library(
      "Monitoring",
      ["Specification", "Standing", "Records", "Sketches", "Statistics", "Events", "Expressions"]
    ),
    library(
      "Report",
      [
        "Monitoring", "Specification", "Standing", "Records", "Expressions", "Statistics", "Events",
      ],
      resources: [.embedInCode("Page/page.css"), .embedInCode("Page/page.js")]
    ),

    library("Terminal", ["Standing", "Records", "Events"]),
    library("Labelling", ["Records", "Events"]),
    library("Survey", ["Events", "Monitoring", "Specification", "Records", "Expressions"]),

    // What touches the world.
    library(
      "Connectors",
      ["Records", "Events", "CKafka", "CRocksDB", "CZlib", "CZstd"],
      linkerSettings: librdkafka
    ),
    library(
      "Ingest",
      ["Monitoring", "Specification", "Records", "Connectors", "Sketches", "Events"]
    ),
    library(
      "Agent",
      [
        "Ingest", "Monitoring", "Specification", "Standing", "Records", "YAML", "Connectors",
        "Sketches", "Events", "Expressions",
      ]
    ),
    library(
      "Trials",
      [
        "Ingest", "Monitoring", "Specification", "Records", "YAML", "Connectors", "Events",
        "Expressions",
      ]
    ),
    .executableTarget(
      name: "leeway",
      dependencies: [
        "Agent", "Ingest", "Arguments", "Trials", "Survey", "Report", "Terminal", "Labelling",
        "Monitoring", "Specification", "Standing", "Records", "YAML", "Connectors", "Events",
        "Expressions",
      ],
      swiftSettings: strict
    ),

    // Tests.
    .target(
      name: "CSimdjson",
      path: "Tests/CSimdjson",
      cxxSettings: [.unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary("simdjson")]
    ),
    .target(name: "CKafkaMock", path: "Tests/CKafkaMock"),
    .target(
      name: "TestSupport",
      path: "Tests/TestSupport",
      exclude: ["Browser/checks.js"],
      swiftSettings: strict
    ),
    tests("SketchesTests", ["Sketches"]),
    tests("StatisticsTests", ["Statistics", "Sketches"]),
    tests("EventsTests", ["Events", "CSimdjson"]),
    tests("ExpressionsTests", ["Expressions", "Events"]),
    tests("ArgumentsTests", ["Arguments"]),
    tests("RecordsTests", ["Records", "Events"]),
    tests("StandingTests", ["Standing", "Records"]),
    tests("YAMLTests", ["YAML", "Events", "Expressions"]),
    tests(
      "SpecificationTests",
      ["Specification", "YAML", "Statistics", "Events", "Expressions"]
    ),
    tests(
      "MonitoringTests",
      [
        "Monitoring", "Specification", "Records", "YAML", "Sketches", "Statistics", "Events",
        "Expressions",
      ]
    ),
    tests(
      "ReportTests",
      ["Report", "Monitoring", "Specification", "Standing", "Records", "YAML", "Events"]
    ),
    tests("TerminalTests", ["Terminal", "Standing", "Records", "Events"]),
    tests("LabellingTests", ["Labelling", "Records"], exclude: ["oracle.py"]),
    tests("ConnectorsTests", ["Connectors", "Events"]),
    tests(
      "IngestTests",
      ["Ingest", "Monitoring", "Specification", "Records", "Connectors", "Events"]
    ),
    tests("SurveyTests", ["Survey", "Monitoring", "Specification", "YAML", "Events"]),
    tests(
      "AgentTests",
      [
        "Agent", "Ingest", "Monitoring", "Specification", "Standing", "Records", "YAML",
        "Connectors",
      ]
    ),
    tests(
      "TrialsTests",
      [
        "Trials", "Monitoring", "Specification", "Records", "YAML", "Connectors", "Events",
        "Expressions",
      ]
    ),
    tests("LeewayTests", ["leeway", "Arguments", "CKafka", "CKafkaMock"]),
    tests(
      "LimitsTests",
      [
        "leeway", "Agent", "Arguments", "Connectors", "Events", "Expressions", "Ingest",
        "Labelling", "Monitoring", "Records", "Report", "Sketches", "Specification", "Standing",
        "Statistics",
        "Survey", "Terminal", "Trials", "YAML",
      ]
    ),
    tests("TidyTests", []),
  ],
  cxxLanguageStandard: .cxx17
)
