package import Events
package import Expressions

/// Reads scalars as the types that a monitor file has; every refusal is a finding.
package struct ScalarReader {
  package let findings: Findings

  /// Reads scalars; what is wrong goes to `findings`.
  package init(findings: Findings) { self.findings = findings }

  /// Any scalar that is not null.
  package func scalar(_ node: YAMLNode, _ what: String, _ wanted: String) -> YAMLScalar? {
    if case .scalar(let scalar) = node, !scalar.isNull { return scalar }
    findings.error(node.position, "\(what): expected \(wanted), got \(node.kindName): write one")
    return nil
  }

  package func text(_ node: YAMLNode, _ what: String, bytesMax: Int = 4_096) -> String? {
    guard let scalar = scalar(node, what, "a text") else { return nil }
    guard !scalar.text.isEmpty else {
      findings.error(scalar.start, "\(what): the text is empty: write one")
      return nil
    }
    guard scalar.text.utf8.count <= bytesMax else {
      findings.error(
        scalar.start,
        "\(what): the text has \(scalar.text.utf8.count) bytes: write at most \(bytesMax)"
      )
      return nil
    }
    return scalar.text
  }

  package func boolean(_ node: YAMLNode, _ what: String) -> Bool? {
    guard let scalar = scalar(node, what, "true or false") else { return nil }
    if scalar.style == .plain, scalar.text == "true" { return true }
    if scalar.style == .plain, scalar.text == "false" { return false }
    findings.error(
      scalar.start,
      "\(what): expected true or false, got \"\(scalar.text.prefix(60))\": "
        + Findings.advice(on: scalar.text, among: ["true", "false"])
    )
    return nil
  }

  package func integer(_ node: YAMLNode, _ what: String, _ range: ClosedRange<Int>) -> Int? {
    guard let scalar = scalar(node, what, "a whole number") else { return nil }
    let digits = scalar.text.filter { $0 != "_" }
    guard let value = Int(digits) else {
      findings.error(
        scalar.start,
        "\(what): expected a whole number, got \"\(scalar.text.prefix(60))\": "
          + "write one from \(range.lowerBound) to \(range.upperBound)"
      )
      return nil
    }
    guard range.contains(value) else {
      findings.error(
        scalar.start,
        "\(what): out of range, got \(value): "
          + "write one from \(range.lowerBound) to \(range.upperBound)"
      )
      return nil
    }
    return value
  }

  /// A share that lies strictly between two bounds, as a number or a percentage.
  package func share(
    _ node: YAMLNode,
    _ what: String,
    from low: Double,
    to high: Double,
    example: String = "0.99 or 99%"
  ) -> Double? {
    guard let scalar = scalar(node, what, "a share") else { return nil }
    let isPercentage = scalar.text.hasSuffix("%")
    let digits = isPercentage ? String(scalar.text.dropLast()) : scalar.text
    let advice = "write one between \(low) and \(high), such as \(example)"
    guard let number = Double(digits), number.isFinite else {
      findings.error(
        scalar.start,
        "\(what): expected a share, got \"\(scalar.text.prefix(60))\": \(advice)"
      )
      return nil
    }
    let value = isPercentage ? number / 100 : number
    guard value > low, value < high else {
      findings.error(scalar.start, "\(what): out of range, got \(scalar.text): \(advice)")
      return nil
    }
    return value
  }

  package func duration(_ node: YAMLNode, _ what: String, zeroAllowed: Bool = false) -> TimeSpan? {
    guard let scalar = scalar(node, what, "a duration") else { return nil }
    do throws(TimeSpanError) {
      let length = try TimeSpan(parsing: scalar.text)
      if length == .zero, !zeroAllowed {
        findings.error(
          scalar.start,
          "\(what): the duration is zero: write a longer one, such as 5m"
        )
        return nil
      }
      guard length <= Self.longestDuration else {
        findings.error(
          scalar.start,
          "\(what): out of range, got \(length): write at most 36500d"
        )
        return nil
      }
      return length
    } catch {
      findings.error(
        scalar.start,
        "\(what): expected a duration, got \"\(scalar.text.prefix(60))\": \(error)"
      )
      return nil
    }
  }

  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ node: YAMLNode,
    _ what: String,
    _ type: Choice.Type
  ) -> Choice? where Choice.RawValue == String {
    let known = Choice.allCases.map(\.rawValue)
    guard let scalar = scalar(node, what, "one of \(known.joined(separator: ", "))") else {
      return nil
    }
    if let choice = Choice(rawValue: scalar.text) { return choice }
    findings.error(
      scalar.start,
      "\(what): unknown value \"\(scalar.text.prefix(60))\": "
        + Findings.advice(on: scalar.text, among: known)
    )
    return nil
  }

  /// Reads a list of field paths in which none may stand twice.
  ///
  /// - Parameters:
  ///   - nodes: The list's values.
  ///   - what: Where it stands, in words.
  /// - Returns: The paths that are right, each once.
  package func distinctPaths(_ nodes: some Sequence<YAMLNode>, _ what: String) -> [FieldPath] {
    var paths: [FieldPath] = []
    for node in nodes {
      guard let path = path(node, what) else { continue }
      if paths.contains(path) {
        findings.error(node.position, "\(what): \"\(path)\" stands twice: remove one")
      } else {
        paths.append(path)
      }
    }
    return paths
  }

  package func path(_ node: YAMLNode, _ what: String, wildcards: Bool = false) -> FieldPath? {
    guard let scalar = scalar(node, what, "a field's path") else { return nil }
    do throws(FieldPathError) {
      let path = try FieldPath(parsing: scalar.text)
      if path.isWildcard, !wildcards {
        findings.error(
          scalar.start,
          "\(what): expected one field, got the wildcard \"\(path)\": name the field"
        )
        return nil
      }
      return path
    } catch {
      let (offset, reason) = Self.explanation(of: error)
      findings.error(in: scalar, at: offset, "\(what): not a field's path: \(reason)")
      return nil
    }
  }

  private static func explanation(of error: FieldPathError) -> (offset: Int, reason: String) {
    switch error {
    case .emptyKey(let offset): (offset, "a key is empty: write keys with single dots between")
    case .needsQuotes(let offset):
      (offset, "a character needs quotes: write the key like features.\"a b\"")
    case .unterminatedQuote(let offset): (offset, "a quote does not end: close it")
    case .unknownEscape(let offset): (offset, "unknown escape: write \\\\ for a backslash")
    case .wildcardNotLast(let offset): (offset, "the star stands at the end: write features.*")
    case .missingDot(let offset): (offset, "a dot must follow the quoted key: write one")
    }
  }
}
