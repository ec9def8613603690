/// The known word that a misspelt one most probably meant.
///
/// The distance is Damerau–Levenshtein's in its restricted form (optimal string alignment): the
/// least number of insertions, deletions, substitutions and swaps of neighbours, case aside.
///
/// - **Accepted**: at most 1 edit for words of up to 4 letters, 2 up to 8, else 3; ties go to the
///   earlier candidate.
/// - Parameters:
///   - word: What was written; words beyond 64 scalars have no suggestion.
///   - candidates: What is known.
/// - Returns: The nearest candidate, or `nil` when none is near enough.
/// - Complexity: O(candidates · length²).
public func spellingSuggestion(for word: String, among candidates: some Sequence<String>) -> String?
{
  let letters = Array(word.lowercased().unicodeScalars)
  guard !letters.isEmpty, letters.count <= 64 else { return nil }
  let allowed = letters.count <= 4 ? 1 : letters.count <= 8 ? 2 : 3
  var best: (word: String, distance: Int)?
  for candidate in candidates {
    let other = Array(candidate.lowercased().unicodeScalars)
    guard abs(other.count - letters.count) <= allowed else { continue }
    let distance = alignmentDistance(letters, other)
    guard distance <= allowed, distance < other.count, distance < best?.distance ?? .max else {
      continue
    }
    best = (candidate, distance)
  }
  return best?.word
}

/// The optimal string alignment distance of two words.
///
/// Three rows of the usual table are kept; the third is for the swap of neighbours.
func alignmentDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
  var beforePrevious = [Int](repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  var current = previous
  for row in 1...left.count {
    current[0] = row
    for column in 1...right.count {
      let same = left[row - 1] == right[column - 1]
      var cost = min(
        previous[column] + 1,
        current[column - 1] + 1,
        previous[column - 1] + (same ? 0 : 1)
      )
      if row > 1, column > 1, left[row - 1] == right[column - 2],
        left[row - 2] == right[column - 1]
      {
        cost = min(cost, beforePrevious[column - 2] + 1)
      }
      current[column] = cost
    }
    (beforePrevious, previous, current) = (previous, current, beforePrevious)
  }
  return previous[right.count]
}
