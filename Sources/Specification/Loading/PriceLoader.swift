import Events
import Expressions
import YAML

/// Reads `events.prediction.price`: what a prediction costs, as a KPI.
struct PriceLoader {
  let findings: Findings
  let roles: EventRoles
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The most kinds of tokens.
  static let tokensLimit = 8

  /// The KPI of a price.
  ///
  /// - Parameter node: A field, or `{tokens: {FIELD: PRICE OF A MILLION}}`.
  /// - Returns: `nil` where it cannot be read.
  func load(_ node: YAMLNode) -> KPISpecification? {
    let what = "events.prediction.price"
    guard case .mapping = node else {
      return scalars.path(node, what).flatMap { kpi("\($0)", node.position) }
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.price, findings),
      let tokens = reader.required("tokens", "{usage.input_tokens: 2.5, usage.output_tokens: 10}"),
      let entries = findings.entries(
        tokens,
        "\(what).tokens",
        "a mapping of fields",
        "write {usage.input_tokens: 2.5}, the price of a million",
        atLeast: 1
      )
    else { return nil }
    if entries.count > Self.tokensLimit {
      findings.error(
        node.position,
        "\(what).tokens: \(entries.count) kinds of tokens: write at most \(Self.tokensLimit)"
      )
    }
    var terms: [String] = []
    for entry in entries.prefix(Self.tokensLimit) {
      guard let path = scalars.path(.scalar(entry.key), "\(what).tokens"),
        let price = scalars.number(entry.value, "\(what).tokens.\(path)", 0...1e12)
      else { return nil }
      terms.append("\(path) * \(price / 1e6)")
    }
    return kpi(terms.joined(separator: " + "), node.position)
  }

  private func kpi(_ number: String, _ position: SourcePosition) -> KPISpecification? {
    do throws(ExpressionErrors) {
      let expression = try KPIExpression.parse("mean(\(number))", roles: roles)
      return KPISpecification(
        name: KPISpecification.priceName,
        expression: expression,
        line: position.line
      )
    } catch {
      findings.error(
        position,
        "events.prediction.price: expected numbers, got \(number): \(error): write a field of "
          + "numbers"
      )
      return nil
    }
  }
}

extension KPISpecification {
  /// The name of the KPI that `events.prediction.price` makes.
  static let priceName = "cost_per_prediction"
}
