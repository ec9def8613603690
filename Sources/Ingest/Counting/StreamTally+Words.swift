internal import Events
internal import Records

extension StreamTally {
  /// Why nothing was counted of streams that have lines, in words.
  package var nothingCountedWords: String {
    guard lines > 0 else { return "the streams are empty" }
    var parts: [String] = []
    if ignored > 0 { parts.append("`when` takes none of \(counted(ignored, "event"))") }
    let refusals = refused.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    for (reason, count) in refusals {
      parts.append("\(grouped(count)) refused as \(reason.rawValue), \(reason.explanation)")
    }
    let others = lines - ignored - refusedLines
    if others > 0 {
      parts.append("\(grouped(others)) are blank")
    }
    return "none of \(counted(lines, "line")) is a prediction: " + parts.joined(separator: "; ")
  }
}
