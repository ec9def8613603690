internal import Records

/// How many windows of one kind were judged, and how many of them were cut.
public struct WindowTally: Sendable, Equatable {
  /// The name of the windows.
  public var window: String
  /// How many were judged.
  public var judged = 0
  /// Of how many events may be missing: the stream began or ended in them, or nobody was there for
  /// a while.
  public var cut = 0

  /// Makes a tally.
  public init(window: String, judged: Int = 0, cut: Int = 0) {
    self.window = window
    self.judged = judged
    self.cut = cut
  }

  /// What people should know of windows that were cut, in one line.
  ///
  /// - Parameter tallies: Those of all kinds of windows.
  /// - Returns: A sentence; `nil` where none was cut.
  public static func words(_ tallies: [WindowTally]) -> String? {
    let kinds = tallies.filter { $0.cut > 0 }.map { tally in
      "\(grouped(tally.cut)) of \(counted(tally.judged, "window")) \"\(tally.window)\""
    }
    guard !kinds.isEmpty else { return nil }
    return "Cut: " + kinds.joined(separator: ", ")
      + ": the streams began or ended in them, or nobody was there for a while, so that events may be "
      + "missing."
  }
}

extension Engine {
  /// How many windows of each kind were judged and how many were cut, in the monitor's order.
  public var windowTallies: [WindowTally] { windows.tallies }
}
