import Expressions
import YAML

/// Reads a template and checks its variables.
struct TemplateReader {
  /// What is wrong, at a UTF-8 offset of the text.
  struct Problem: Error, Equatable {
    var offset: Int
    var message: String
  }

  /// Labels that alerts have without being told.
  static let builtInLabels = [
    "alertname", "model", "severity", "window", "signal", "version", "segment", "slo", "cause",
    "condition",
  ]

  /// The longest template, in bytes.
  static let bytesMax = 4_096

  /// Reads a text; `{{ name }}` is a variable, `{{ name | percent }}` one in a form.
  ///
  /// - Parameters:
  ///   - text: The template.
  ///   - labels: The labels that `labels.x` may name.
  ///   - values: The values that there are.
  /// - Returns: The template without the variables that are wrong, and what is wrong.
  static func read(
    _ text: String,
    labels: [String],
    values: [AlertValue] = AlertValue.ofConditions
  ) -> (template: AnnotationTemplate, problems: [Problem]) {
    var parts: [AnnotationTemplate.Part] = []
    var problems: [Problem] = []
    let bytes = Array(text.utf8)
    let open = UInt8(ascii: "{")
    let close = UInt8(ascii: "}")
    var literal: [UInt8] = []
    var position = 0
    while position < bytes.count {
      guard bytes[position] == open, position + 1 < bytes.count, bytes[position + 1] == open else {
        literal.append(bytes[position])
        position += 1
        continue
      }
      let start = position + 2
      var end = start
      while end + 1 < bytes.count, bytes[end] != close || bytes[end + 1] != close { end += 1 }
      guard end + 1 < bytes.count else {
        problems.append(
          Problem(offset: position, message: "the variable does not end: close it with }}")
        )
        break
      }
      if !literal.isEmpty {
        parts.append(.text(String(decoding: literal, as: UTF8.self)))
        literal = []
      }
      var nameStart = start
      while nameStart < end, bytes[nameStart] == 0x20 { nameStart += 1 }
      var nameEnd = end
      while nameEnd > nameStart, bytes[nameEnd - 1] == 0x20 { nameEnd -= 1 }
      switch variable(bytes[nameStart..<nameEnd], labels, values) {
      case .success(let part): parts.append(part)
      case .failure(let reason):
        problems.append(Problem(offset: nameStart + reason.offset, message: reason.message))
      }
      position = end + 2
    }
    if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
    return (AnnotationTemplate(parts: parts), problems)
  }

  /// Reads a variable with its form, if it has one.
  private static func variable(
    _ bytes: ArraySlice<UInt8>,
    _ labels: [String],
    _ values: [AlertValue]
  ) -> Result<AnnotationTemplate.Part, Problem> {
    let pieces = bytes.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
    let words = pieces.map { piece in
      let start = piece.firstIndex { $0 != 0x20 } ?? piece.endIndex
      let end = piece.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? start
      return (
        offset: start - bytes.startIndex, text: String(decoding: piece[start..<end], as: UTF8.self)
      )
    }
    let name = words.first?.text ?? ""
    return variable(name, labels, values).flatMap { variable in
      guard words.count > 1 else { return .success(.variable(variable)) }
      let (offset, text) = words[1]
      guard words.count == 2, let form = TemplateForm(rawValue: text) else {
        let forms = TemplateForm.allCases.map(\.rawValue)
        let advice = Findings.advice(on: text, among: forms)
        return .failure(Problem(offset: offset, message: "unknown form \"\(text)\": \(advice)"))
      }
      guard case .value(let value) = variable, AlertValue.numbers.contains(value) else {
        let numbers = AlertValue.numbers.map(\.rawValue).joined(separator: ", ")
        return .failure(
          Problem(offset: offset, message: "\(name) has no forms: use \(text) with \(numbers)")
        )
      }
      return .success(.variable(variable, form))
    }
  }

  private static func variable(
    _ name: String,
    _ labels: [String],
    _ values: [AlertValue]
  ) -> Result<TemplateVariable, Problem> {
    if let value = AlertValue(rawValue: name), values.contains(value) {
      return .success(.value(value))
    }
    if name.hasPrefix("labels.") {
      let label = String(name.dropFirst("labels.".count))
      if labels.contains(label) { return .success(.label(label)) }
      return .failure(
        Problem(
          offset: 0,
          message: "unknown label \"\(label)\": " + Findings.advice(on: label, among: labels)
        )
      )
    }
    guard !name.isEmpty else {
      return .failure(Problem(offset: 0, message: "the variable has no name: write {{ signal }}"))
    }
    // Prometheus' spelling, $value and $labels.x, is met halfway.
    let bare = name.hasPrefix("$") || name.hasPrefix(".") ? String(name.dropFirst()) : name
    let known = values.map(\.rawValue) + labels.map { "labels.\($0)" }
    let advice =
      spellingSuggestion(for: bare, among: known).map { "did you mean \"\($0)\"?" }
      ?? "use one of \(values.map(\.rawValue).joined(separator: ", ")), labels.NAME"
    return .failure(Problem(offset: 0, message: "unknown variable \"\(name)\": \(advice)"))
  }
}
