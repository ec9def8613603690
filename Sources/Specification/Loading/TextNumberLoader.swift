import Events
import YAML

/// Reads `from` and `decimal` of a field: whether its texts are read as numbers.
struct TextNumberLoader {
  let findings: Findings
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The decimal mark of the texts; `nil` where they are texts.
  ///
  /// - Parameters:
  ///   - reader: The field's mapping.
  ///   - what: Its place in words.
  /// - Returns: The mark.
  func mark(_ reader: MappingReader, _ what: String) -> DecimalMark? {
    let source = reader.optional("from").flatMap {
      scalars.choice($0, "\(what): from", NumberSource.self)
    }
    let mark = reader.optional("decimal").flatMap {
      scalars.choice($0, "\(what): decimal", DecimalMark.self)
    }
    if !reader.has("from"), reader.has("decimal") {
      findings.error(
        reader.keyPosition("decimal"),
        "\(what): decimal: only numbers that are written as text have another decimal mark: "
          + "add from: text"
      )
    }
    return source == nil ? nil : mark ?? .dot
  }
}

/// What a number is written as.
private enum NumberSource: String, CaseIterable {
  case text
}
