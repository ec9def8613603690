// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "leeway", path: "..")],
  targets: [
    // Decodes generated events, alone (for counting instructions) or against simdjson.
    .executableTarget(
      name: "DecodeBenchmark",
      dependencies: [
        "SimdjsonBenchmark",
        .product(name: "LeewayCore", package: "leeway"),
      ],
      swiftSettings: strict
    ),
    // The simdjson programs that the decoder is compared with.
    .target(
      name: "SimdjsonBenchmark",
      cxxSettings: [.unsafeFlags(["-O3", "-DNDEBUG"])],
      linkerSettings: [.linkedLibrary("simdjson")]
    ),
  ],
  cxxLanguageStandard: .cxx17
)
