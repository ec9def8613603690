import Events
import Expressions
import YAML

/// Reads `pii`: which fields hold people's data, and the key of what leaves in their place.
struct PersonalDataLoader {
  let findings: Findings
  let files: MonitorFiles
  let environment: [String: String]
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  func load(_ node: YAMLNode) -> PersonalData? {
    guard case .mapping = node else {
      let fields = self.fields(node, "pii")
      return key(named: PersonalData.keyVariable, node.position)
        .map { PersonalData(fields: fields, key: $0) }
    }
    guard let reader = MappingReader(node, "pii", keys: MonitorKeys.pii, findings) else {
      return nil
    }
    let fields = reader.required("fields", "[features.email]").map { self.fields($0, "pii.fields") }
    let key: KeyedHash? =
      if let node = reader.optional("key") { self.key(node) } else {
        self.key(named: PersonalData.keyVariable, reader.position)
      }
    guard let fields, let key else { return nil }
    return PersonalData(fields: fields, key: key)
  }

  /// Reads `public`: fields whose values are named however few events have them.
  ///
  /// - Parameters:
  ///   - node: The list.
  ///   - data: What is hidden, and cannot be public.
  /// - Returns: The fields.
  func publicFields(_ node: YAMLNode, besides data: PersonalData?) -> [FieldPath] {
    let fields = fields(node, "public", example: "features.country")
    for field in fields where data?.hides(field) == true {
      findings.error(
        node.position,
        "public: \(field.description) is listed under pii: leave it out of one of them"
      )
    }
    return fields
  }

  private func fields(
    _ node: YAMLNode,
    _ what: String,
    example: String = "features.email"
  ) -> [FieldPath] {
    guard let items = findings.items(node, what, "a list", "write [\(example)]") else {
      return []
    }
    if items.count > MonitorBounds.piiFields {
      findings.error(
        node.position,
        "\(what): the list has \(items.count) fields: write at most "
          + "\(MonitorBounds.piiFields), or a wildcard such as user.*"
      )
    }
    return items.prefix(MonitorBounds.piiFields).compactMap {
      scalars.path($0, what, wildcards: true)
    }
  }

  private func key(_ node: YAMLNode) -> KeyedHash? {
    guard let reader = MappingReader(node, "pii.key", keys: MonitorKeys.piiKey, findings) else {
      return nil
    }
    let variable = reader.optional("env").flatMap { scalars.text($0, "pii.key.env", bytesMax: 256) }
    let file = reader.optional("file").flatMap { scalars.text($0, "pii.key.file") }
    switch (variable, file) {
    case (let name?, nil): return key(named: name, reader.position)
    case (nil, let path?):
      switch files.read(MonitorFiles.path(path, beside: findings.file)) {
      case .success(let bytes): return key(bytes, path, reader.position)
      case .failure(let error):
        findings.error(reader.position, "pii.key: \(path): \(error.reason)")
        return nil
      }
    default:
      findings.error(
        reader.position,
        "pii.key: one place holds the key: write {env: \(PersonalData.keyVariable)} or {file: PATH}"
      )
      return nil
    }
  }

  private func key(named variable: String, _ position: SourcePosition) -> KeyedHash? {
    guard let text = environment[variable] else {
      findings.error(
        position,
        "pii.key: the variable \(variable) is not set: set it to at least "
          + "\(KeyedHash.keyBytesLimit) random bytes, such as from openssl rand -hex 32"
      )
      return nil
    }
    return key(Array(text.utf8), variable, position)
  }

  private func key(_ bytes: [UInt8], _ place: String, _ position: SourcePosition) -> KeyedHash? {
    var bytes = bytes
    if bytes.last == 0x0a { bytes.removeLast() }
    if bytes.last == 0x0d { bytes.removeLast() }
    guard bytes.count >= KeyedHash.keyBytesLimit else {
      findings.error(
        position,
        "pii.key: \(place) holds \(bytes.count) bytes, which is guessed: write at least "
          + "\(KeyedHash.keyBytesLimit) random ones, such as from openssl rand -hex 32"
      )
      return nil
    }
    return KeyedHash(key: bytes)
  }
}

extension PersonalDataLoader {
  /// Refuses to hide what is computed with, and gives predictions and outcomes the same hashes.
  func checked(
    _ data: PersonalData,
    _ monitor: Monitor,
    _ position: SourcePosition
  ) -> PersonalData {
    let mapping = monitor.prediction
    var used: [(String, FieldPath?)] = [
      ("time", mapping.time), ("score", mapping.score), ("decision", mapping.decision),
      ("latency", mapping.latency?.path), ("the outcome's time", monitor.outcome?.time),
      ("the outcome's label", monitor.outcome?.label),
    ]
    for feature in mapping.features where feature.type != nil && feature.type != .category {
      if !feature.path.isWildcard { used.append(("a feature's number or boolean", feature.path)) }
    }
    used += mapping.featureTimes.map { ("a feature's time", $0.path) }
    used += (monitor.quality?.leakage ?? []).map { ("a feature's number", $0) }
    for kpi in monitor.kpis {
      for measure in kpi.expression.measures where measure.aggregate != .count {
        used += measure.number.fields.map { ("what the KPI \(kpi.name) is made of", $0.path) }
      }
    }
    if monitor.canary != nil {
      used += mapping.versionFields.map { ("the version that canary names", $0) }
    }
    for (role, path) in used {
      guard let path, data.hides(path) else { continue }
      findings.error(
        position,
        "pii: \(path.description) is \(role), which is computed with and cannot be hidden: leave it "
          + "out of the list, or out of the monitor"
      )
    }
    var data = data
    // Who annotates is a person, listed or not.
    if let path = monitor.outcome?.votes?.annotator, !data.hides(path) { data.fields.append(path) }
    let pairs = [
      (mapping.id, monitor.outcome?.id), (mapping.version, monitor.outcome?.version),
    ]
    for case (let one?, let other?) in pairs where data.hides(one) || data.hides(other) {
      for path in [one, other] where !data.hides(path) { data.fields.append(path) }
    }
    return data
  }
}
