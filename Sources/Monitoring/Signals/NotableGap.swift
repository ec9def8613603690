internal import Statistics

/// Which share of missing or invalid values is worth a word, where no rule asks for it.
public enum NotableGap {
  /// The confidence with which a window's events prove the share: of thousands of windows few may be
  /// named by chance.
  public static let confidence = 0.999
  /// A smaller share matters to no model.
  public static let share = 0.02
  /// How many times the reference's share it must be.
  public static let factor = 3.0

  /// The least share that a window's events prove.
  ///
  /// - Parameters:
  ///   - hits: Events without a usable value, in 0...`events`.
  ///   - events: The window's events.
  /// - Returns: The lower end of Wilson's interval, in [0, 1]; 0 without events.
  public static func least(_ hits: Int, of events: Int) -> Double {
    WilsonInterval(hits: hits, of: max(events, hits), confidence: confidence)?.lower ?? 0
  }

  /// Whether a share is worth a word.
  ///
  /// - Parameters:
  ///   - least: The share that is proved.
  ///   - usual: The reference's.
  /// - Returns: Whether it is beyond both bounds.
  public static func isNotable(_ least: Double, usual: Double) -> Bool {
    least > share && least > factor * usual
  }
}
