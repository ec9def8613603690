import Testing

/// Rooms and who may know whom.
///
/// Data and dependencies flow one way.
@Suite struct ImportTests {
  /// What each target may import besides the language's own modules.
  private static let allowed: [String: Set<String>] = [
    "Sketches": ["CXXHash"],
    "Statistics": [],
    "Events": ["CVector", "CXXHash"],
    "Expressions": ["Events"],
    "Arguments": ["Expressions", "Events"],
    "Records": ["Events"],
    "Standing": ["Records", "Events"],
    "YAML": ["Events", "Expressions", "CYAML"],
    "Specification": ["Records", "YAML", "Statistics", "Events", "Expressions"],
    "Monitoring": [
      "Specification", "Standing", "Records", "Sketches", "Statistics", "Events", "Expressions",
    ],
    "Report": [
      "Monitoring", "Specification", "Standing", "Records", "Expressions", "Statistics", "Events",
    ],
    "Terminal": ["Standing", "Records", "Events"],
    "Labelling": ["Records", "Events"],
    "Connectors": ["Records", "Events", "CKafka", "CRocksDB", "CZlib", "CZstd"],
    "Ingest": [
      "Dispatch", "Monitoring", "Specification", "Records", "Connectors", "Sketches", "Events",
    ],
    "Agent": [
      "Dispatch", "Ingest", "Monitoring", "Specification", "Standing", "Records", "YAML",
      "Connectors", "Sketches", "Events", "Expressions",
    ],
    "Trials": [
      "Ingest", "Monitoring", "Specification", "Records", "YAML", "Connectors", "Events",
      "Expressions",
    ],
    "Survey": ["Monitoring", "Specification", "Records", "Events", "Expressions"],
    "leeway": [
      "Agent", "Arguments", "Connectors", "Dispatch", "Events", "Expressions", "Ingest",
      "Labelling", "Monitoring", "Records", "Report", "Sketches", "Specification", "Standing",
      "Statistics", "Survey", "Terminal", "Trials", "YAML",
    ],
  ]
  private static let language: Set<String> = ["Swift", "Glibc", "Synchronization"]

  /// The core is values: time arrives as an argument, and nobody waits in it.
  private static let core: Set<String> = [
    "Sketches", "Statistics", "Events", "Expressions", "Arguments", "Records", "Standing",
    "YAML", "Specification", "Monitoring", "Report", "Survey", "Terminal", "Labelling",
  ]
  private static let worldly = [
    "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "Task {", "actor ",
    "fopen(", "pthread_create", "getenv(",
  ]

  static func imports(of source: SwiftText) -> [String] {
    source.lines.filter { !String($0).offsets(of: "import ").isEmpty }.compactMap { line in
      let statement =
        /^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:\w+\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
      return line.firstMatch(of: statement).map { String($0.output.1) }
    }
  }

  @Test func `every way to import is seen`() {
    let source = """
      import A
      public import B
      private import struct C.D
      @testable import E
      @_spi(X) internal import F
      // import G
      """
    #expect(Self.imports(of: SwiftText(source)) == ["A", "B", "C", "E", "F"])
  }

  @Test func `a target imports only what its room may know`() throws {
    for file in Repository.sources {
      let target = try #require(file.target)
      let allowed = try #require(
        Self.allowed[target],
        "\(target) is new: say in ImportTests.allowed what it may import"
      )
      for module in Self.imports(of: file.swift) where !Self.language.contains(module) {
        #expect(allowed.contains(module), "\(file.path): \(target) may not import \(module)")
      }
    }
  }

  @Test func `the core has no clock, no thread and no file`() {
    for file in Repository.sources where Self.core.contains(file.target ?? "") {
      let code = file.swift.code
      for name in Self.worldly {
        #expect(
          CodeRuleTests.count(of: name, in: code) == 0,
          "\(file.path): \(name) belongs outside the core"
        )
      }
    }
  }
}
