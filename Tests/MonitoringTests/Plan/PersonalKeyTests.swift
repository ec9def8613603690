import Testing
import YAML

@testable import Monitoring
@testable import Specification

/// The key of a profile's hashes.
@Suite struct PersonalKeyTests {
  private func monitor(_ key: String) throws -> Monitor {
    let (monitor, findings) = Monitor.load(
      bytes: Array(
        """
        model: m
        events: {prediction: {time: ts, score: s, features: [f.who]}}
        pii: [f.who]
        """.utf8
      ),
      file: "m.yaml",
      environment: ["LEEWAY_PII_KEY": String(repeating: key, count: 32)]
    )
    return try #require(monitor, "\(findings.map(\.message))")
  }

  @Test func `a profile says with which key it was made, and another one is refused`() throws {
    let lines = (0..<60).map {
      "{\"ts\":\(JoinStream.start + $0),\"s\":0.5,\"f\":{\"who\":\"p\($0 % 3)\"}}"
    }
    let learnt = try profile(lines, monitor("a")).profile
    let read = try Profile(decoding: learnt.encoded())
    #expect(read == learnt && !read.keyCheck.isEmpty)
    _ = try Plan(monitor: monitor("a"), profile: read)
    #expect(throws: PlanError(problems: [.otherKey])) {
      try Plan(monitor: monitor("b"), profile: read)
    }
    var unknown = read
    unknown.keyCheck = []
    _ = try Plan(monitor: monitor("b"), profile: unknown)
  }
}
