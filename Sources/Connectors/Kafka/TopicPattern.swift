internal import Glibc

/// A pattern of topics' names: `^` and a POSIX extended regular expression, as librdkafka reads it.
@safe public final class TopicPattern {
  private let compiled: UnsafeMutablePointer<regex_t>

  /// What the cluster keeps for itself, such as `__consumer_offsets`: no pattern takes it.
  static let internalTopics = "^__"

  /// Reads a pattern; `nil` where it is a plain name, or no regular expression.
  public init?(_ text: String) {
    guard Self.isOne(text) else { return nil }
    let room = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
    guard unsafe regcomp(room, text, REG_EXTENDED | REG_NOSUB) == 0 else {
      unsafe room.deallocate()
      return nil
    }
    unsafe compiled = room
  }

  deinit {
    unsafe regfree(compiled)
    unsafe compiled.deallocate()
  }

  /// Whether a text is meant as a pattern: it begins with `^`.
  public static func isOne(_ text: String) -> Bool { text.hasPrefix("^") }

  /// Whether a topic's name is one of those that are meant.
  package func takes(_ name: String) -> Bool {
    unsafe !name.hasPrefix("__") && regexec(compiled, name, 0, nil, 0) == 0
  }
}
