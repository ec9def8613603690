/// The stream on which the cost of outcomes is counted: the generated events, each with its outcome
/// ten to fifteen minutes later, in the order of time.
struct OutcomeStream {
  /// Whether the outcomes are there; else the predictions stand alone.
  let hasOutcomes: Bool

  /// The monitor: it joins, estimates, draws a sample and hands rows out, where outcomes are there.
  var monitor: String {
    let mapped = Replaying.monitor.replacing(
      "    time: ts\n",
      with: """
            when: kind == "p"
            id: id
            version: version
            time: ts
            score: features.risk

        """
    )
    guard hasOutcomes else { return mapped.replacing("bench.profile", with: "alone.profile") }
    return mapped.replacing("bench.profile", with: "outcomes.profile").replacing(
      "reference:",
      with: """
          outcome: {when: kind == "o", id: id, time: ts, label: y}
        quality: {task: binary, window: 1h, slide: 1h, horizon: 30m, threshold: 0.5}
        feedback:
          consent: true
          features: [features.amount, features.country]
          relabel: {budget: [2000/d, 200/h], deadline: 7d}
        reference:
        """
    )
  }

  /// The lines of `count` predictions, the same for the same count.
  func lines(_ count: Int) -> [UInt8] {
    var generator = EventGenerator()
    var draw = EventGenerator(seed: 0x0DD5)
    var lines: [(quarter: Int, line: String)] = []
    for index in 0..<count {
      let line = generator.line(index, .stable)
      lines.append((index, "{\"kind\":\"p\",\(line.dropFirst())\n"))
      guard hasOutcomes else { continue }
      let quarter = index + 4 * 600 + Int(draw.next() % (4 * 300))
      // The risk is the probability of the outcome, four digits behind the point.
      let risk = line.split(separator: "\"risk\":0.").last.flatMap { UInt64($0.prefix(4)) }
      let label = draw.next() % 10_000 < risk ?? 0 ? 1 : 0
      lines.append(
        (
          quarter,
          "{\"kind\":\"o\",\"ts\":\"\(EventGenerator.time(quarter))\","
            + "\"id\":\"e\(index + 10_000_000)\",\"y\":\(label)}\n"
        )
      )
    }
    lines.sort { $0.quarter < $1.quarter }
    return Array(lines.map(\.line).joined().utf8)
  }
}
