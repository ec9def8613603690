internal import Events

/// The words that a verdict may be, which rules compare it with: `claim == "fails"`.
package enum VerdictWords {
  /// By signal, each word's number is its place; a claim that is undecided is unknown.
  package static let of = [
    claimName: ["holds", "fails"],
    canaryName: ["continue", "promote", "rollback"],
    burstName: ["quiet", "burst", "slowdown", "cannot_be_told"],
  ]
}

extension WindowTypes {
  /// A comparison of a verdict with a word; `nil` where it is none.
  mutating func verdict(
    _ symbol: BinaryOperator,
    _ left: Expression,
    _ right: Expression,
    place: Int
  ) -> WindowCondition? {
    guard case .path(let path) = left.node, case .literal(.string(let word)) = right.node,
      let words = VerdictWords.of[path.description]
    else { return nil }
    guard symbol == .equal || symbol == .notEqual else {
      report(left.span, "a verdict is a word, got \(symbol.rawValue): compare it by == or !=")
      return .constant(false)
    }
    guard let code = words.firstIndex(of: word) else {
      let near = spellingSuggestion(for: word, among: words)
      report(
        right.span,
        "\(path) is never \"\(word)\": write one of \(words.joined(separator: ", "))",
        near
      )
      return .constant(false)
    }
    let use = StatisticUse(
      statistic: .verdict,
      selector: .named(path.description),
      ofReference: false,
      ago: nil,
      top: nil,
      selectorSpan: left.span
    )
    return .compare(
      symbol,
      .statistic(self.place(of: use)),
      .constant(Double(code)),
      place: place
    )
  }
}
