internal import Records

/// How good each version's predictions were, in its newest window of which enough is known.
struct VersionHistory: Sendable {
  /// The windows by version, each as it was judged last.
  private(set) var newest: [String: QualityHistory.Window] = [:]
  /// How many versions are forgotten.
  private(set) var forgotten = 0
  /// The share of its outcomes that must be known.
  let maturity: Double

  /// The most versions; of more the one is forgotten whose window is the oldest.
  static let limit = 64

  init(maturity: Double) { self.maturity = maturity }

  mutating func insert(_ measured: MeasuredPart) {
    guard let version = measured.version, let stage = measured.stage, stage.time >= measured.end,
      stage.maturity >= maturity
    else { return }
    if let known = newest[version], known.measured.start > measured.start { return }
    newest[version] = QualityHistory.Window(measured, stage)
    guard newest.count > Self.limit else { return }
    let oldest = newest.min { one, other in
      (one.value.measured.start, one.key) < (other.value.measured.start, other.key)
    }
    if let oldest { newest[oldest.key] = nil }
    forgotten += 1
  }
}
