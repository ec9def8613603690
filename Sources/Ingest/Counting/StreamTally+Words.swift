internal import Events
internal import Records

extension StreamTally {
  /// That so many lines were refused that little or nothing can be told; `nil` where few were.
  package var refusalWords: String? {
    guard isMuchRefused else { return nil }
    let share = percent(refusedShare)
    let count = "\(share) of the lines were refused"
    let order =
      Double(refused[.late] ?? 0) > Self.disorder * Double(lines)
      ? ": the streams are not in the order of time, sort them by it" : ""
    return refusedShare > 0.5
      ? "Cannot be told: \(count)\(order)."
      : "Not all was seen: \(count), of which nothing is told\(order)."
  }

  /// The share of late lines beyond which it is the order that is wrong, and not the delay of some.
  private static let disorder = 0.1

  /// The first line of each reason, a line each.
  package var placeLines: [String] {
    firstRefused.sorted { $0.key.rawValue < $1.key.rawValue }.map {
      "\($0.key.rawValue): first \($0.value.words)"
    }
  }

  /// Why lines were refused, the most frequent reason first: a line each, with its first place.
  package var refusalLines: [String] {
    refused.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { pair in
      let (reason, count) = pair
      return "\(reason.rawValue): \(counted(count, "line")), \(reason.explanation)"
        + (firstRefused[reason].map { "; first \($0.words)" } ?? "")
    }
  }

  /// Why nothing was counted of streams that have lines, in words.
  package var nothingCountedWords: String {
    guard lines > 0 else { return "the streams are empty" }
    var parts: [String] = []
    if ignored > 0 { parts.append("`when` takes none of \(counted(ignored, "event"))") }
    let refusals = refused.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    for (reason, count) in refusals {
      parts.append("\(grouped(count)) refused as \(reason.rawValue), \(explanation(of: reason))")
    }
    let others = lines - ignored - refusedLines
    if others > 0 {
      parts.append("\(grouped(others)) are blank")
    }
    return "none of \(counted(lines, "line")) is a prediction: " + parts.joined(separator: "; ")
  }
}
