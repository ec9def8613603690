/// Where what is shown comes from, and how that stands.
public enum Feed: Sendable, Equatable {
  /// Streams are being read; the share of them, where it is known.
  case reading(share: Double?)
  /// The streams have been read to their end.
  case ended
  /// A snapshot file is kept up to date.
  case following
  /// A snapshot file has not been written for so many seconds.
  case stale(seconds: Int)
  /// There is no snapshot file yet, or it cannot be read, in words.
  case unreadable(String)

  /// In words, and how bad it is.
  func words(isPaused: Bool) -> (text: String, tone: Tone) {
    if isPaused { return ("paused", .warning) }
    return switch self {
    case .reading(let share): (share.map { "reading, " + Figures.share($0) } ?? "reading", .good)
    case .ended: ("ended", .strong)
    case .following: ("running", .good)
    case .stale(let seconds): ("stale: written \(Figures.seconds(Double(seconds))) ago", .bad)
    case .unreadable(let reason): (reason, .bad)
    }
  }
}
