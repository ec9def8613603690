/// Whether a word is how some program writes a number that is not finite.
///
/// `NaN` and `Infinity` of Python and JavaScript; `nan`, `inf`, `-nan(ind)` of C; `1.#INF`,
/// `-1.#IND` of older Windows; `+Inf` of Go. Capitals make no difference.
///
/// - Parameter word: The word, in UTF-8.
/// - Returns: Whether it is one of these.
public func isNonfiniteNumber(_ word: some Sequence<UInt8>) -> Bool {
  var letters: [UInt8] = []
  var isFirst = true
  for byte in word {
    defer { isFirst = false }
    if isFirst, byte == Byte.minus || byte == 0x2B {
      continue
    }
    guard letters.count < 16 else {
      return false
    }
    letters.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
  }
  return nonfiniteWords.contains { letters.elementsEqual($0.utf8) }
}

private let nonfiniteWords = [
  "nan", "inf", "infinity", "nan(ind)", "nan(snan)", "1.#inf", "1.#ind", "1.#qnan", "1.#snan",
]
