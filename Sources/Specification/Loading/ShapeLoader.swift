import Events
import YAML

/// Reads how events stand in the lines of a log: `prefix`, `unwrap` and `each` of `events`.
struct ShapeLoader {
  let findings: Findings
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ reader: MappingReader) -> EventShape {
    EventShape(
      prefix: reader.optional("prefix").flatMap {
        scalars.choice($0, "events.prefix", LinePrefix.self)
      },
      wrapped: list(reader, "unwrap").compactMap(wrapped),
      batches: list(reader, "each").compactMap { scalars.path($0, "events.each") }
    )
  }

  /// Says which features are of the first row of a batch alone.
  func check(_ mapping: PredictionMapping, _ shape: EventShape, at position: SourcePosition) {
    let rows = mapping.features.map(\.path).compactMap { path -> FieldPath? in
      let keys = path.components
      guard let place = keys.indices.dropFirst().first(where: { keys[$0] == "0" }),
        Self.batches.contains(keys[place - 1]), place + 1 < keys.count || path.isWildcard
      else { return nil }
      return FieldPath(Array(keys.prefix(place)))
    }
    guard let first = rows.first, !shape.batches.contains(first) else { return }
    findings.note(
      position,
      "events.prediction.features: of \(first) the first row alone is watched: "
        + "each: \(first) under events makes a prediction of each row"
    )
  }

  /// What serving systems call their batches.
  private static let batches: Set<String> = ["instances", "ndarray", "dataframe_records"]

  /// The items of a key that may also hold one.
  private func list(_ reader: MappingReader, _ key: String) -> [YAMLNode] {
    guard let node = reader.optional(key) else { return [] }
    guard case .sequence(let items, _) = node else { return [node] }
    if items.isEmpty || items.count > MonitorBounds.wrapped {
      findings.error(
        node.position,
        "events.\(key): the list has \(items.count) fields: write 1 to \(MonitorBounds.wrapped)"
      )
    }
    return items
  }

  private func wrapped(_ node: YAMLNode) -> WrappedField? {
    let what = "events.unwrap"
    guard case .mapping = node else {
      return scalars.path(node, what).map { WrappedField(path: $0) }
    }
    guard let reader = MappingReader(node, what, keys: MonitorKeys.wrapped, findings) else {
      return nil
    }
    let encoding = reader.optional("encoding").flatMap {
      scalars.choice($0, "\(what).encoding", WrappedField.Encoding.self)
    }
    return reader.required("field", "data").flatMap { scalars.path($0, "\(what).field") }
      .map { WrappedField(path: $0, encoding: encoding ?? .text) }
  }
}
