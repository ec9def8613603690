internal import Ingest
internal import Monitoring
internal import Records

/// Dead letters on their way out, in the order of their lines.
///
/// Those behind a line that waits, wait with it.
struct LetterQueue {
  /// The letters that wait.
  private(set) var withheld: [OrderedLetter] = []

  /// Adds letters that an earlier process withheld.
  mutating func add(_ letters: [OrderedLetter]) { withheld += letters }

  /// Hands over the letters that nothing waits before.
  ///
  /// - Parameters:
  ///   - letters: What was found since the last time.
  ///   - positions: Where each stream stands.
  /// - Returns: The letters, in order.
  mutating func take(adding letters: [OrderedLetter], _ positions: [StreamPosition]) -> [DeadLetter]
  {
    if withheld.isEmpty, letters.isEmpty { return [] }
    let all = withheld + letters
    let waiting = positions.map { $0.firstWaitingLine ?? .max }
    let isWaiting = { (letter: OrderedLetter) in
      letter.source.map { letter.line > waiting[$0] } ?? false
    }
    withheld = all.filter(isWaiting)
    return all.filter { !isWaiting($0) }
      .sorted { ($0.order, $0.line) < ($1.order, $1.line) }
      .map(\.letter)
  }
}
