internal import Events

/// A field's name as words: `eventMetadata.inferenceTime` ends in `inference`, `time`.
struct FieldName: Sendable, Equatable {
  /// The words of the last key that is no place in an array, in lower case.
  let words: [String]
  /// The same, joined.
  let joined: String
  /// The words of the keys above the field, from the top down; of an element those of its array,
  /// too.
  let context: [String]

  init(_ path: FieldPath) {
    let keys = path.components
    let last = keys.lastIndex { !$0.utf8.allSatisfy { (0x30...0x39).contains($0) } } ?? 0
    words = keys.isEmpty ? [] : FieldName.words(of: keys[last])
    joined = words.joined()
    context = keys.dropLast().flatMap(FieldName.words)
  }

  /// Whether a word, or two neighbouring ones together, is one of the given.
  func has(_ names: Set<String>) -> Bool {
    names.contains(joined) || words.contains(where: names.contains)
      || zip(words, words.dropFirst()).contains { names.contains($0 + $1) }
  }

  /// Whether the whole name is one of the given.
  func isOne(of names: Set<String>) -> Bool { names.contains(joined) }

  /// The words of a key: cut at what is neither letter nor digit, and before capitals.
  static func words(of key: String) -> [String] {
    var words: [String] = []
    var word = ""
    var last: Character?
    for character in key {
      let startsWord =
        character.isUppercase && (last?.isLowercase ?? false)
        || character.isLetter && (last?.isNumber ?? false) && word.count > 2
      if startsWord || !(character.isLetter || character.isNumber) {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if character.isLetter || character.isNumber { word += character.lowercased() }
      last = character
    }
    return word.isEmpty ? words : words + [word]
  }
}
