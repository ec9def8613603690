import Agent
import Standing
import Terminal

extension LiveReplay {
  /// How far the streams are read, for the screen.
  func feed(_ pipeline: borrowing Pipeline) -> Feed {
    if hasEnded { return .ended }
    let progress = pipeline.progress
    return .reading(
      share: progress.flatMap { $0.total > 0 ? Double($0.read) / Double($0.total) : nil }
    )
  }
}

extension SnapshotFile {
  /// How the file stands, for the screen.
  var feed: Feed {
    guard isThere else { return .unreadable("waiting for \(path)") }
    if let error { return .unreadable("\(error)") }
    if snapshot?.hasEnded ?? false { return .ended }
    return isStale ? .stale(seconds: age) : .following
  }
}
