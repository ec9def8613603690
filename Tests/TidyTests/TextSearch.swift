import Glibc

extension String {
  /// Where `word` stands in this text: the offsets in UTF-8 of its occurrences.
  ///
  /// C's search and not `ranges(of:)`: tests are built without optimisation and read every file.
  func offsets(of word: String) -> [Int] {
    let bytes = Array(utf8)
    let wanted = Array(word.utf8)
    guard let first = wanted.first else { return [] }
    var found: [Int] = []
    unsafe bytes.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return }
      var start = 0
      while start + wanted.count <= text.count,
        let place = unsafe memchr(base + start, CInt(first), text.count - wanted.count + 1 - start)
      {
        let offset = unsafe UnsafeRawPointer(place) - base
        if unsafe memcmp(base + offset, wanted, wanted.count) == 0 { found.append(offset) }
        start = offset + 1
      }
    }
    return found
  }

  /// How often `word` stands in this text and is not the end of a longer name or path.
  ///
  /// - Parameters:
  ///   - word: What is looked for.
  ///   - joints: What joins `word` to what stands before it, besides letters and digits.
  /// - Returns: The number of occurrences.
  func count(ofWord word: String, joints: String) -> Int {
    let bytes = Array(utf8)
    return offsets(of: word).count { offset in
      guard offset > 0 else { return true }
      let before = Character(Unicode.Scalar(bytes[offset - 1]))
      return !before.isLetter && !before.isNumber && !joints.contains(before)
    }
  }
}
