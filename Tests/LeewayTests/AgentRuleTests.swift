import Foundation
import Glibc
import TestSupport
import Testing

/// Rules on the agent itself: a process that alerts on how it stands.
@Suite struct AgentRuleTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("rules"),
      withIntermediateDirectories: true
    )
    for name in ["one", "two"] {
      _ = try folder.write(
        """
        model: \(name)
        events:
          prediction:
            when: model == "\(name)"
            time: {field: ts, unit: s}
            latency: {field: ms, unit: ms}
        windows: {w: {size: 1h, slide: 10m}}
        rules: [{alert: Slow, expr: mean(latency) > 1s}]
        """,
        as: "rules/\(name).yaml"
      )
    }
    _ = try folder.write(
      """
      instance: box
      rules:
        - alert: Refusing
          agent: increase(refused_syntax, 1h) >= 3
          annotations: {summary: "{{ value }} refused lines"}
        - {alert: Big, agent: memory > 1e15}
        - {alert: Up, agent: uptime >= 0s, severity: info}
      """,
      as: "rules/agent.yaml"
    )
  }

  private func alerts() throws -> [[String: Any]] {
    let written = (try? text(of: folder.path("alerts"))) ?? ""
    return try written.split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }

  private func words() throws -> [String] {
    try alerts().map { alert in
      let labels = alert["labels"] as? [String: String] ?? [:]
      let words = [alert["alert"] as? String, labels["model"], alert["state"] as? String]
      return words.compactMap(\.self).joined(separator: " ")
    }
  }

  private func start(_ more: [String]) throws -> LeewayProcess {
    try LeewayProcess(
      ["run", "-c", folder.path("rules"), "--alerts", folder.path("alerts")] + more + ["-"],
      input: .pipe
    )
  }

  @Test func `alerts of a process without a state end with it`() throws {
    let process = try start([])
    try process.write(Array("{a\n{b\n{c\n".utf8))
    waitAMinute { (try? words().filter { $0.contains("firing") }.count) == 3 }
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("one: Refusing fires: 3 refused lines"))
    let written = try words()
    let firing = ["Refusing one firing", "Refusing two firing", "Up firing"]
    #expect(written.prefix(3).sorted() == firing)
    let over = ["Refusing one resolved", "Refusing two resolved", "Up resolved"]
    #expect(written.dropFirst(3).sorted() == over)
    #expect(try alerts().allSatisfy { $0["incident"] is NSNull })
  }

  @Test func `with a state the next process goes on with them, and ends those it has no rule for`()
    throws
  {
    let state = ["--state", folder.path("state")]
    let first = try start(state)
    try first.write(Array("{a\n{b\n{c\n".utf8))
    waitAMinute { (try? words().filter { $0.contains("firing") }.count) == 3 }
    first.send(SIGTERM)
    #expect(try first.wait().code == 0)
    #expect(try words().allSatisfy { $0.hasSuffix("firing") })

    _ = try folder.write(
      "instance: box\nrules: [{alert: Up, agent: uptime >= 0s, severity: info}]\n",
      as: "rules/agent.yaml"
    )
    let second = try start(state)
    waitAMinute { (try? words().filter { $0.contains("resolved") }.count) == 2 }
    second.send(SIGTERM)
    #expect(try second.wait().code == 0)
    #expect(
      try words().dropFirst(3).sorted() == ["Refusing one resolved", "Refusing two resolved"]
    )
    let hashes = try Dictionary(grouping: alerts()) { $0["fingerprint"] as? String ?? "" }
    #expect(hashes.count == 3)
  }

  @Test(arguments: [true, false])
  func `SIGHUP takes up other rules, and says what waits for a restart`(isFolder: Bool) throws {
    let agent = "rules/agent.yaml"
    let named = ["-m", folder.path("rules/one.yaml"), "-c", folder.path(agent)]
    let process = try LeewayProcess(
      ["run"] + (isFolder ? ["-c", folder.path("rules")] : named)
        + ["--alerts", folder.path("alerts"), "-"],
      input: .pipe
    )
    func hup(_ text: String, until words: String) throws {
      _ = try folder.write(text, as: agent)
      process.send(SIGHUP)
      waitAMinute { process.errorsSoFar.contains(words) }
    }
    let refusing = isFolder ? 2 : 1
    try process.write(Array("{a\n{b\n{c\n".utf8))
    waitAMinute { (try? words().count) == refusing + 1 }
    let up = "  - {alert: Up, agent: uptime >= 0s, severity: info}\n"
    // `Refusing` is gone.
    try hup(
      "instance: box\nrules:\n\(up)  - {alert: New, agent: lines > 0, labels: {to: ml}}\n"
        + "sinks: {metrics: {type: kafka, topic: m}}\nkafka: {bootstrap_servers: \"b:9092\"}\n",
      until: "taken up"
    )
    waitAMinute { (try? words().count) == 3 * refusing + 1 }
    // What is refused leaves all as it was.
    try hup("rules:\n\(up)  - {alert: New, agent: lnes > 0}\n", until: "goes on as it was")
    // Another name.
    try hup("instance: other\nrules:\n\(up)", until: "instance is other")
    waitAMinute { (try? words().count) == 4 * refusing + 3 }
    if isFolder {
      try FileManager.default.removeItem(atPath: folder.path(agent))
      process.send(SIGHUP)
      waitAMinute { (try? words().count) == 4 * refusing + 4 }
    }
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0, "\(outcome.errors)")
    for words in [
      "agent.yaml: taken up: 1 rule is new, 2 rules are gone",
      "agent.yaml: what changed of kafka, sinks is taken up when the process is started anew",
      "unknown metric of the agent \"lnes\"",
      "agent.yaml: taken up: 1 rule is gone, instance is other",
    ] {
      #expect(outcome.errors.components(separatedBy: words).count == 2, "\(words)")
    }
    let own = try words().filter { $0.hasPrefix("Up") }
    #expect(own == ["Up firing", "Up resolved", "Up firing", "Up resolved"])
    let names = try alerts().filter { $0["alert"] as? String == "Up" }
      .map { ($0["labels"] as? [String: String])?["instance"] }
    #expect(names == ["box", "box", "other", "other"])
    let rest = try words().filter { !$0.hasPrefix("Up") }
    let models = isFolder ? ["one", "two"] : ["one"]
    let expected = ["Refusing", "New"].flatMap { rule in
      models.flatMap { ["\(rule) \($0) firing", "\(rule) \($0) resolved"] }
    }
    #expect(rest.sorted() == expected.sorted())
  }

  @Test func `inspect tells which of them fire, and to programs as records`() throws {
    let state = folder.path("state")
    let process = try start(["--state", state])
    try process.write(Array("{a\n{b\n{c\n".utf8))
    waitAMinute { (try? words().filter { $0.contains("firing") }.count) == 3 }
    process.send(SIGTERM)
    #expect(try process.wait().code == 0)
    let table = try LeewayProcess.run(["inspect", state]).output
    #expect(table.contains("\nalerts on the agent itself\n"), "\(table)")
    for row in [
      #/\n  Refusing  one    warning   2\S+Z  3 refused lines\n/#, #/\n  Up               info/#,
    ] {
      #expect(table.contains(row), "\(table)")
    }
    let json = try LeewayProcess.run(["inspect", "--json", state]).output
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let told = try #require(object?["alerts"] as? [[String: Any]])
    // The records are those that were written.
    let prints = { (records: [[String: Any]]) in
      Set(records.map { "\($0["fingerprint"] ?? "") \($0["time"] ?? "") \($0["state"] ?? "")" })
    }
    #expect(try told.count == 3 && prints(told) == prints(alerts()))
  }

  @Test func `a rule on what no process knows is told at the start`() throws {
    _ = try folder.write(
      "rules: [{alert: Behind, agent: lag > 1000}, {alert: Old, agent: state_age > 5m}]\n",
      as: "rules/agent.yaml"
    )
    let process = try start([])
    process.endInput()
    let outcome = try process.wait()
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("rule \"Behind\": lag is not known without a source of topics"))
    #expect(outcome.errors.contains("rule \"Old\": state_age is not known without --state"))
  }
}
