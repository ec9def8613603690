import Agent
import Connectors
import Glibc
import Ingest

/// A line of progress on standard error, when that is a terminal.
struct Progress {
  private let isShown: Bool
  private let start = monotonicNanoseconds()
  private var shownAt: Int64 = 0

  /// How often the line is renewed, in nanoseconds.
  private static let interval: Int64 = 200_000_000

  init(isQuiet: Bool) {
    isShown = !isQuiet && isatty(STDERR_FILENO) == 1
  }

  /// Renews the line, at most a few times a second.
  ///
  /// - Parameters:
  ///   - tally: What was read.
  ///   - progress: Bytes of the files, read and in all, where they have a length.
  mutating func show(_ tally: StreamTally, _ progress: (read: Int, total: Int)?) {
    let now = monotonicNanoseconds()
    guard isShown, now - shownAt >= Self.interval else { return }
    shownAt = now
    let seconds = max(Double(now - start) / 1e9, 1e-3)
    var line = "\r\u{1b}[K\(tally.events) events, \(Int(Double(tally.events) / seconds))/s"
    if let progress, progress.total > 0, progress.read > 0 {
      let share = Double(progress.read) / Double(progress.total)
      line += ", \(Int(share * 100)) %, \(Int(seconds / share - seconds)) s left"
    }
    write(line)
  }

  /// Takes the line away.
  func clear() {
    if isShown, shownAt > 0 { write("\r\u{1b}[K") }
  }

  private func write(_ text: String) {
    writeToStandardError(text)
  }
}
