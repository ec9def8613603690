/// Who says what turned out.
public enum OutcomeSource: String, Sendable, CaseIterable {
  /// The system in which it turned out: what it says decides.
  case system
  /// A person: one vote.
  case human
  /// A model that judges: a cheap label that may be biased, and never counts as an outcome.
  case judge

  /// The source of a word; a tool that answered by itself is a judge.
  package init?(word: [UInt8]) {
    switch String(decoding: word, as: UTF8.self) {
    case "machine": self = .judge
    case let word: self.init(rawValue: word)
    }
  }
}
