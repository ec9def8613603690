internal import Monitoring
internal import Records

/// What became of the predictions over the stream.
struct OutcomeHistory: Sendable {
  /// How good they were, by window.
  private(set) var quality: QualityHistory
  /// How the claim fared.
  private(set) var claims = ClaimHistory()

  init(maturity: Double) { quality = QualityHistory(maturity: maturity) }

  /// Takes in how a window was judged.
  mutating func insert(_ window: MeasuredPart) { quality.insert(window) }

  /// Takes in what went to those who mend the model.
  mutating func insert(_ record: FeedbackRecord) {
    switch record {
    case .claim(let claim): claims.insert(claim)
    case .request, .example, .rollback: break
    }
  }
}
