extension ScalarReader {
  /// A finite number, within a range when one is given.
  package func number(
    _ node: YAMLNode,
    _ what: String,
    _ range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
  ) -> Double? {
    guard let scalar = scalar(node, what, "a number") else { return nil }
    guard let value = Double(scalar.text), value.isFinite else {
      findings.error(
        scalar.start,
        "\(what): expected a number, got \"\(scalar.text.prefix(60))\": write one, such as 2.5"
      )
      return nil
    }
    guard range.contains(value) else {
      findings.error(
        scalar.start,
        "\(what): out of range, got \(scalar.text.prefix(60)): "
          + "write one from \(range.lowerBound) to \(range.upperBound)"
      )
      return nil
    }
    return value
  }

  /// A probability from 0 to 1, as a number or a percentage.
  package func probability(_ node: YAMLNode, _ what: String) -> Double? {
    guard let scalar = scalar(node, what, "a probability") else { return nil }
    let isPercentage = scalar.text.hasSuffix("%")
    let digits = isPercentage ? String(scalar.text.dropLast()) : scalar.text
    let advice = "write one from 0 to 1, such as 0.05 or 5%"
    guard let number = Double(digits), number.isFinite else {
      findings.error(
        scalar.start,
        "\(what): expected a probability, got \"\(scalar.text.prefix(60))\": \(advice)"
      )
      return nil
    }
    let value = isPercentage ? number / 100 : number
    guard value >= 0, value <= 1 else {
      findings.error(
        scalar.start,
        "\(what): out of range, got \(scalar.text.prefix(60)): \(advice)"
      )
      return nil
    }
    return value
  }
}
