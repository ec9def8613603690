import Events
import YAML

/// Reads where a time stands and how it is written: a path, or a field with its unit, zone, format.
struct TimeLoader {
  let findings: Findings
  let zones: ZoneLoader
  /// The monitor's zone.
  let zone: CivilZone?
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// A field and the form of its times.
  ///
  /// - Parameters:
  ///   - node: A path or a mapping.
  ///   - what: Its place in words.
  ///   - unit: The unit of numbers where the node is a path.
  /// - Returns: `nil` where something is wrong.
  func time(
    _ node: YAMLNode,
    _ what: String,
    unit: TimeUnit = .automatic
  ) -> (field: FieldPath, form: TimeForm)? {
    guard case .mapping = node else {
      return scalars.path(node, what).map { ($0, TimeForm(unit: unit, zone: zone)) }
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.time, findings) else {
      return nil
    }
    let written = reader.optional("unit").flatMap {
      scalars.choice($0, "\(what).unit", TimeUnitName.self)
    }
    let own = reader.optional("zone").flatMap { zones.zone($0, "\(what).zone") }
    let format = reader.optional("format").flatMap { self.format($0, "\(what).format") }
    guard let field = reader.required("field", "ts").flatMap({ scalars.path($0, "\(what).field") })
    else { return nil }
    let form = TimeForm(unit: written?.unit ?? .automatic, format: format, zone: own ?? zone)
    return (field, form)
  }

  private func format(_ node: YAMLNode, _ what: String) -> TimeFormat? {
    guard let text = scalars.text(node, what, bytesMax: 128) else { return nil }
    do throws(TimeFormat.Flaw) {
      return try TimeFormat(text)
    } catch {
      switch error {
      case .unknownCode(let code):
        findings.error(
          node.position,
          "\(what): a code that is not read, got \(code): docs/language.md lists those that are"
        )
      case .incomplete(let code):
        findings.error(
          node.position,
          "\(what): no time can be told by it, got \"\(text)\": add \(code)"
        )
      }
      return nil
    }
  }
}
