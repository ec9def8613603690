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
    var ready = withheld.isEmpty ? letters : withheld + letters
    withheld.removeAll()
    let waiting = positions.map { $0.firstWaitingLine ?? .max }
    if waiting.contains(where: { $0 < .max }) {
      let isWaiting = { (letter: OrderedLetter) in
        letter.source.map { letter.line > waiting[$0] } ?? false
      }
      withheld = ready.filter(isWaiting)
      ready.removeAll(where: isWaiting)
    }
    ready.sort { ($0.order, $0.line) < ($1.order, $1.line) }
    return ready.map(\.letter)
  }
}
