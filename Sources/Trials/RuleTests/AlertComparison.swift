internal import Records

/// Expected alerts beside those that are there.
struct AlertComparison {
  private let expected: [ExpectedAlert]
  private let got: [Alert]
  private let isExact: Bool
  /// For each alert that is there, the expected one that it is.
  private var partner: [Int?]

  /// Finds the largest set of pairs: one expected alert may fit several that are there.
  ///
  /// - **Source**: augmenting paths, H. W. Kuhn, "The Hungarian method for the assignment problem",
  ///   Naval Research Logistics Quarterly 2 (1955).
  init(_ expected: [ExpectedAlert], _ got: [Alert], isExact: Bool) {
    self.expected = expected
    self.got = got
    self.isExact = isExact
    partner = [Int?](repeating: nil, count: got.count)
    for index in expected.indices {
      var seen = [Bool](repeating: false, count: got.count)
      _ = findPartner(of: index, &seen)
    }
  }

  private mutating func findPartner(of index: Int, _ seen: inout [Bool]) -> Bool {
    for candidate in got.indices where !seen[candidate] && fits(expected[index], got[candidate]) {
      seen[candidate] = true
      guard let other = partner[candidate] else {
        partner[candidate] = index
        return true
      }
      if findPartner(of: other, &seen) {
        partner[candidate] = index
        return true
      }
    }
    return false
  }

  private func fits(_ expected: ExpectedAlert, _ alert: Alert) -> Bool {
    differences(expected, alert).isEmpty
  }

  /// The labels and annotations that differ, each with what is expected and what is there.
  private func differences(
    _ expected: ExpectedAlert,
    _ alert: Alert
  ) -> [(name: String, expected: String?, got: String?)] {
    var found: [(String, String?, String?)] = []
    var names = Set(expected.labels.keys)
    if isExact { names.formUnion(alert.labels.keys.filter { $0 != "alertname" }) }
    for name in names.sorted() where expected.labels[name] != alert.labels[name] {
      found.append((name, expected.labels[name], alert.labels[name]))
    }
    guard let annotations = expected.annotations else { return found }
    var words = Set(annotations.keys)
    if isExact { words.formUnion(alert.annotations.keys) }
    for name in words.sorted() where annotations[name] != alert.annotations[name] {
      found.append(("annotation \(name)", annotations[name], alert.annotations[name]))
    }
    return found
  }

  /// Whether every expected alert is there, and no other.
  var isEqual: Bool { missing.isEmpty && surplus.isEmpty }

  /// Expected alerts that are not there.
  var missing: [Int] {
    let found = Set(partner.compactMap { $0 })
    return expected.indices.filter { !found.contains($0) }
  }

  /// Alerts that are not expected.
  var surplus: [Int] { got.indices.filter { partner[$0] == nil } }

  /// What differs, a line each: `-` expected and not there, `+` there and not expected, `~` nearly.
  ///
  /// - Parameters:
  ///   - absence: Says more of an expected alert that is not there.
  ///   - presence: Says more of an alert that is there.
  /// - Returns: The lines.
  func lines(
    absence: (ExpectedAlert) -> String?,
    presence: (Alert) -> String?
  ) -> [String] {
    var lines: [String] = []
    var rest = surplus
    for index in missing {
      let wanted = expected[index]
      // The nearest of those that nobody expects, when at least half of the labels agree.
      let counted = rest.map { ($0, differences(wanted, got[$0])) }
      let size = wanted.labels.count + (wanted.annotations?.count ?? 0)
      if let (near, differences) = counted.min(by: { ($0.1.count, $0.0) < ($1.1.count, $1.0) }),
        2 * differences.count <= size
      {
        rest.removeAll { $0 == near }
        lines.append("~ \(Self.text(of: got[near]))")
        for (name, expected, got) in differences {
          lines.append("    - \(name): \(expected.map { "\"\($0)\"" } ?? "none")")
          lines.append("    + \(name): \(got.map { "\"\($0)\"" } ?? "none")")
        }
        continue
      }
      lines.append("- \(Self.text(of: wanted.labels))\(absence(wanted).map { "  \($0)" } ?? "")")
    }
    for index in rest {
      let words = presence(got[index]).map { "  \($0)" } ?? ""
      lines.append("+ \(Self.text(of: got[index]))\(words)")
    }
    for (index, other) in partner.enumerated() where other != nil {
      lines.append("= \(Self.text(of: got[index]))")
    }
    return lines
  }

  /// An alert's labels as one line, those left out that all alerts of a test share.
  static func text(of alert: Alert) -> String {
    text(of: alert.labels.filter { $0.key != "alertname" && $0.key != "model" })
  }

  private static func text(of labels: [String: String]) -> String {
    let parts = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
    return "{\(parts.joined(separator: ", "))}"
  }

  /// Whether an alert is one that an expectation means.
  static func fits(_ expected: ExpectedAlert, _ alert: Alert) -> Bool {
    expected.labels.allSatisfy { alert.labels[$0.key] == $0.value }
  }
}
