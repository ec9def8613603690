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

let core = Target.Dependency.product(name: "LeewayCore", package: "leeway")
let arguments = Target.Dependency.product(name: "LeewayArguments", package: "leeway")
let monitoring = Target.Dependency.product(name: "LeewayMonitoring", package: "leeway")

func fuzzer(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .executableTarget(
    name: name,
    dependencies: ["FuzzSupport"] + dependencies,
    swiftSettings: strict
  )
}

// A package of its own: its programs link libFuzzer and are built with coverage in every module,
// of the packages that they depend on too. `run` gives the flags.
let package = Package(
  name: "leeway-fuzzing",
  dependencies: [.package(name: "leeway", path: "../..")],
  targets: [
    .target(name: "CLibFuzzer"),
    .target(name: "FuzzSupport", dependencies: ["CLibFuzzer"], swiftSettings: strict),
    fuzzer("FuzzAnswers", monitoring),
    fuzzer("FuzzArguments", arguments),
    fuzzer("FuzzDecoder", core),
    fuzzer("FuzzExpression", core),
    fuzzer("FuzzMonitor", monitoring),
    fuzzer("FuzzProfile", core, monitoring),
    fuzzer("FuzzRewriter", core),
    fuzzer("FuzzState", core, monitoring),
    fuzzer("FuzzTimes", core),
    fuzzer("FuzzTrials", monitoring),
    fuzzer("FuzzZones", core, monitoring),
  ]
)
