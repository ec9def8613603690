import Foundation
import Records
import TestSupport
import Testing

@testable import Monitoring
@testable import Specification

@Suite struct FeedbackTests {
  private func plan(_ feedback: String, rules: String = "") throws -> Plan {
    try Plan(
      monitor: monitor(
        """
        model: ask
        events:
          prediction: {when: kind == "p", id: id, time: ts, version: v, score: s, decision: d}
          outcome: {when: kind == "o", id: id, time: ts, label: y}
        quality: {window: 1h, horizon: 2h}
        feedback: \(feedback)
        windows: {main: 1h}
        \(rules)
        """
      ),
      profile: nil
    )
  }

  /// Predictions of some minutes, ten a minute, with an amount and a secret.
  private func predictions(_ minutes: Range<Int>, agreed: String = "true") -> [String] {
    minutes.flatMap { minute in
      (0..<10).map { index in
        let line = JoinStream.prediction("\(minute)-\(index)", Double(minute) + Double(index) / 10)
        return line.dropLast()
          + ",\"features\":{\"amount\":\(index).50,\"who\":\"é\\u0041 \\\"x\\\"\"},\"secret\":\"s3cret\""
          + ",\"agreed\":\(agreed)}"
      }
    }
  }

  private func run(
    _ plan: Plan,
    _ lines: [String],
    chunk: Int = 37,
    cuts: Bool = false
  ) throws
    -> [FeedbackRecord]
  {
    var feeding = Feeding(plan, measuring: .nothing)
    try feeding.run(lines, chunk: chunk, cuts: cuts)
    return feeding.output.feedback
  }

  private func requests(_ records: [FeedbackRecord]) -> [RelabelRequest] {
    records.compactMap { if case .request(let request) = $0 { request } else { nil } }
  }

  @Test func `requests keep to every budget, evenly over its time, and none comes twice`() throws {
    let plan = try plan("{consent: true, relabel: {budget: [240/d, 12/h]}}")
    let asked = requests(try run(plan, predictions(0..<600)))
    // Ten hours: 12 an hour are more than 10 an hour of the day.
    #expect(asked.count == 100)
    #expect(Set(asked.map(\.id)).count == 100)
    #expect(Set(asked.map(\.prediction)).count == 100)
    for hour in 0..<10 {
      let start = Int64(JoinStream.start + 3_600 * hour) * 1_000_000_000
      let count = asked.count { (start..<start + 3_600_000_000_000).contains($0.time) }
      #expect((9...11).contains(count), "\(count) in hour \(hour)")
    }
    for request in asked {
      let id = request.id
      #expect(id.wholeMatch(of: /[a-z0-9](-*[a-z0-9])*/) != nil && id.count <= 63)
      #expect(request.inclusion > 0 && request.inclusion <= 1)
    }
  }

  @Test func `the weights of the sample add up to the predictions`() throws {
    let plan = try plan("{consent: true, relabel: {budget: 2400/d}}")
    let asked = requests(try run(plan, predictions(0..<600)))
    let total = asked.reduce(0) { $0 + 1 / $1.inclusion }
    // 6,000 predictions; of 1,000 draws the sum varies by some 3 %.
    #expect(abs(total / 6_000 - 1) < 0.12, "\(total)")
  }

  @Test func `a request holds the fields that may leave and nothing else`() throws {
    let plan = try plan(
      "{consent: agreed, features: [features.amount, features.who], relabel: {budget: 2400/d}}"
    )
    let asked = requests(try run(plan, predictions(0..<60) + predictions(60..<90, agreed: "false")))
    #expect(!asked.isEmpty)
    for request in asked {
      var json = JSONWriter()
      request.write(to: &json)
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
      )
      let features = try #require(object["features"] as? [String: Any])
      #expect(features["who"] as? String == "éA \"x\"")
      #expect(Set(features.keys) == ["amount", "who"])
      #expect(object["model_answer"] == nil)
      #expect(!String(decoding: json.bytes, as: UTF8.self).contains("s3cret"))
      // Nobody who has not agreed is asked about.
      #expect(Int(request.prediction.split(separator: "-")[0]) ?? 99 < 60)
    }
  }

  @Test func `a final outcome makes a row to train on, weighted where it was asked for`() throws {
    let plan = try plan(
      "{consent: true, features: [features.amount], relabel: {budget: 1200/d}, rows: true}"
    )
    var lines = predictions(0..<60)
    for minute in 0..<60 where minute.isMultiple(of: 2) {
      for index in 0..<10 {
        lines.append(JoinStream.outcome("\(minute)-\(index)", 61 + Double(minute) / 10, "1"))
      }
    }
    lines += predictions(70..<200) + [JoinStream.outcome("199-1", 200, "0")]
    lines += predictions(201..<240)
    let records = try run(plan, lines)
    let rows = records.compactMap { if case .example(let row) = $0 { row } else { nil } }
    #expect(rows.count == 300)
    #expect(rows.allSatisfy { $0.outcome == 1 && $0.outcomeTime != nil })
    let asked = Dictionary(
      uniqueKeysWithValues: requests(records).map { ($0.prediction, $0.inclusion) }
    )
    for row in rows {
      #expect((row.weight != nil) == (asked[row.id] != nil))
      #expect(row.route == (row.weight == nil ? "itself" : "sample"))
      // Half of the requests are answered, more or less.
      if let weight = row.weight, let inclusion = asked[row.id] {
        #expect(weight > 1.3 / inclusion && weight < 4 / inclusion)
      }
    }
  }

  @Test func `the same records come out for any batch and across cuts`() throws {
    let plan = try plan(
      "{consent: true, features: [features.amount], relabel: {budget: 500/d}, rows: true}"
    )
    var lines = predictions(0..<200)
    for minute in 0..<150 { lines.append(JoinStream.outcome("\(minute)-3", 201, "1")) }
    lines += predictions(202..<420) + [JoinStream.outcome("419-1", 420, "1")]
    lines += predictions(421..<430)
    let whole = try run(plan, lines, chunk: 400)
    #expect(whole.count > 50)
    #expect(try run(plan, lines, chunk: 1) == whole)
    #expect(try run(plan, lines, chunk: 83, cuts: true) == whole)
  }

  @Test func `an alert on a version has more of it asked for while it fires`() throws {
    let plan = try plan(
      "{consent: true, relabel: {budget: 2400/d}}",
      rules: """
        rules:
          - alert: Worse
            expr: accuracy(quality) < 0.5
            by: version
            relabel: 20
        """
    )
    func version(_ line: String, _ minute: Int) -> String {
      line.dropLast() + ",\"v\":\"\(minute.isMultiple(of: 10) ? "new" : "old")\"}"
    }
    var events: [(Double, String)] = []
    for minute in 0..<600 {
      for line in predictions(minute..<minute + 1) {
        events.append((Double(minute), version(line, minute)))
      }
      let label = minute.isMultiple(of: 10) ? "0" : "1"
      for index in 0..<10 {
        let known = Double(minute) + 5
        events.append((known, JoinStream.outcome("\(minute)-\(index)", known, label)))
      }
    }
    let lines = events.enumerated()
      .sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    let asked = requests(try run(plan, lines))
    let late = asked.filter { $0.time > Int64(JoinStream.start + 3 * 3_600) * 1_000_000_000 }
    let raised = late.filter { $0.reason == "alert" }
    #expect(!raised.isEmpty)
    #expect(raised.allSatisfy { $0.version == "new" && $0.inclusion > 0 })
    #expect(
      asked.filter { $0.time < Int64(JoinStream.start + 3_600) * 1_000_000_000 }
        .allSatisfy { $0.reason != "alert" }
    )
  }
}
