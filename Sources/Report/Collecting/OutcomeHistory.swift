internal import Expressions
internal import Monitoring
internal import Records
internal import Specification

/// What became of the predictions over the stream.
struct OutcomeHistory: Sendable {
  /// How good they were, by window.
  private(set) var quality: QualityHistory
  /// How good those of each version were.
  private(set) var versions: VersionHistory
  /// How the claim fared.
  private(set) var claims = ClaimHistory()
  /// What was asked for.
  private(set) var requests: RequestHistory

  init(_ specification: QualitySpecification?) {
    let maturity = specification?.maturity ?? 1
    quality = QualityHistory(maturity: maturity)
    versions = VersionHistory(maturity: maturity)
    requests = RequestHistory(length: specification?.window.nanoseconds ?? 1)
  }

  /// Takes in how a window of all of the traffic or of a version was judged.
  mutating func insert(_ window: MeasuredPart) {
    if window.isWhole { quality.insert(window) } else { versions.insert(window) }
  }

  /// Takes in what went to those who mend the model.
  mutating func insert(_ record: FeedbackRecord) {
    switch record {
    case .claim(let claim): claims.insert(claim)
    case .request(let request): requests.insert(request)
    case .example, .rollback: break
    }
  }
}
