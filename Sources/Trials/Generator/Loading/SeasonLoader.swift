import Expressions
import YAML

/// Reads `daily`, `hours` and `weekdays` among the keys of a rate or a field.
struct SeasonLoader {
  let findings: Findings
  private var scalars: ScalarReader { ScalarReader(findings: findings) }
  private static let factors = 0.0...1_000_000.0

  init(_ findings: Findings) { self.findings = findings }

  /// The season; `nil` when none is given.
  func load(_ reader: MappingReader, _ what: String) -> Season? {
    guard StreamKeys.season.contains(where: reader.has) else { return nil }
    var season = Season()
    if let node = reader.optional("daily") { readDaily(node, "\(what).daily", &season) }
    if let node = reader.optional("hours") { season.hours = hours(node, "\(what).hours") }
    if let node = reader.optional("weekdays") {
      season.weekdays = weekdays(node, "\(what).weekdays")
    }
    return season
  }

  private func readDaily(_ node: YAMLNode, _ what: String, _ season: inout Season) {
    guard let reader = MappingReader(node, what, keys: StreamKeys.daily, findings) else { return }
    if let node = reader.required("peak", "14h"),
      let peak = scalars.duration(node, "\(what).peak")
    {
      season.peak = peak.nanoseconds
    }
    if let node = reader.required("swing", "60%"),
      let swing = scalars.probability(node, "\(what).swing")
    {
      season.swing = swing
    }
  }

  private func hours(_ node: YAMLNode, _ what: String) -> [Double] {
    guard case .sequence(let items, _) = node, items.count == 24 else {
      findings.error(
        node.position,
        "\(what): expected a list of 24 factors, from 0 to 23 o'clock UTC: write them"
      )
      return []
    }
    let factors = items.compactMap { scalars.number($0, what, Self.factors) }
    return factors.count == 24 ? factors : []
  }

  private func weekdays(_ node: YAMLNode, _ what: String) -> [Double] {
    guard let reader = MappingReader(node, what, keys: StreamKeys.weekdays, findings) else {
      return []
    }
    return StreamKeys.weekdays.map { day in
      reader.optional(day).flatMap { scalars.number($0, "\(what).\(day)", Self.factors) } ?? 1
    }
  }
}
