/// A scalar of a YAML file with its place.
package struct YAMLScalar: Sendable, Equatable {
  package enum Style: Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// The text after environment values were put in.
  package var text: String
  package var style: Style
  package var start: SourcePosition
  var end: SourcePosition
  /// The text as YAML reads it, before environment values were put in.
  var written: String
  /// Where environment values stand, in UTF-8 bytes of `text` and of `written`.
  var substitutions: [Substitution] = []

  struct Substitution: Sendable, Equatable {
    var textOffset: Int
    var textLength: Int
    var writtenOffset: Int
    var writtenLength: Int
  }

  /// Whether all of the text is one value of the environment, and nothing of it stands in the file.
  package var isOfEnvironment: Bool {
    substitutions.count == 1 && substitutions[0].writtenLength == written.utf8.count
      && !written.contains(":-")
  }

  /// Whether the scalar stands for nothing: `null`, `~` or an empty plain one.
  package var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(text) }
}

/// A node of a YAML file.
package indirect enum YAMLNode: Sendable, Equatable {
  case scalar(YAMLScalar)
  case sequence([YAMLNode], at: SourcePosition)
  case mapping([Entry], at: SourcePosition)

  package struct Entry: Sendable, Equatable {
    package var key: YAMLScalar
    package var value: YAMLNode
  }

  package var position: SourcePosition {
    switch self {
    case .scalar(let scalar): scalar.start
    case .sequence(_, let position), .mapping(_, let position): position
    }
  }

  /// What the node is, for messages.
  package var kindName: String {
    switch self {
    case .scalar(let scalar) where scalar.isNull: "nothing"
    case .scalar(let scalar): "\"\(scalar.text.prefix(60))\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  /// What a mapping is called, as messages add it: behind a space, in quotes.
  ///
  /// - Parameter keys: Keys that hold a name; the first one that does is taken.
  /// - Returns: Nothing where none does.
  package func title(by keys: [String]) -> String {
    guard case .mapping(let entries, _) = self else { return "" }
    for key in keys {
      if case .scalar(let scalar)? = entries.first(where: { $0.key.text == key })?.value,
        !scalar.isNull
      {
        return " \"\(scalar.text.prefix(60))\""
      }
    }
    return ""
  }
}
