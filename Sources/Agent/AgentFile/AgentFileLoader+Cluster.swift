internal import Connectors
internal import Specification
internal import YAML

/// How the cluster is reached: brokers, TLS, login, and what is passed through.
extension AgentFileLoader {
  /// A cluster as the file has it.
  struct Cluster {
    let settings: KafkaSettings
    /// How what is written is packed.
    let compression: String?

    /// The same for whoever writes.
    var forWriting: KafkaSettings {
      settings.with(compression.map { ["compression.type": $0] } ?? [:])
    }
  }

  private enum Compression: String, CaseIterable {
    case none, gzip, snappy, lz4, zstd
  }

  private enum Mechanism: String, CaseIterable {
    case plain = "PLAIN"
    case scram256 = "SCRAM-SHA-256"
    case scram512 = "SCRAM-SHA-512"
  }

  func loadCluster(_ node: YAMLNode) -> Cluster? {
    guard let reader = MappingReader(node, "kafka", keys: AgentFileKeys.kafka, findings) else {
      return nil
    }
    let servers = reader.required("bootstrap_servers", "HOST:9092").flatMap {
      scalars.text($0, "kafka: bootstrap_servers")
    }
    var all = properties(reader, "kafka")
    let tls = reader.optional("tls").map { loadTLS($0) }
    let login = reader.optional("sasl").map { loadLogin($0) }
    all.merge(tls ?? [:]) { _, new in new }
    all.merge(login ?? [:]) { _, new in new }
    all["security.protocol"] =
      switch (tls?.isEmpty ?? true, login == nil) {
      case (true, true): "plaintext"
      case (true, false): "sasl_plaintext"
      case (false, true): "ssl"
      case (false, false): "sasl_ssl"
      }
    if login?["sasl.mechanism"] == Mechanism.plain.rawValue, tls?.isEmpty ?? true {
      findings.warning(
        reader.keyPosition("sasl"),
        "kafka: sasl: PLAIN sends the password as it is: add tls: {enabled: true}"
      )
    }
    let compression = reader.optional("compression").flatMap {
      scalars.choice($0, "kafka: compression", Compression.self)
    }
    guard let servers else { return nil }
    return Cluster(
      settings: KafkaSettings(servers: servers, properties: all),
      compression: compression?.rawValue
    )
  }

  /// The properties of TLS; none where it is not enabled.
  private func loadTLS(_ node: YAMLNode) -> [String: String] {
    guard let reader = MappingReader(node, "kafka: tls", keys: AgentFileKeys.tls, findings) else {
      return [:]
    }
    let isEnabled = reader.required("enabled", "true").flatMap {
      scalars.boolean($0, "kafka: tls: enabled")
    }
    var properties: [String: String] = [:]
    for (key, property) in [
      ("ca_file", "ssl.ca.location"), ("crt_file", "ssl.certificate.location"),
      ("key_file", "ssl.key.location"),
    ] {
      let path = reader.optional(key).flatMap { scalars.text($0, "kafka: tls: \(key)") }
      properties[property] = path.map { MonitorFiles.path($0, beside: file) }
    }
    properties["ssl.key.password"] = secret(reader, "key_pass", "kafka: tls")
    if let node = reader.optional("verify_hostname"),
      scalars.boolean(node, "kafka: tls: verify_hostname") == false
    {
      properties["ssl.endpoint.identification.algorithm"] = "none"
    }
    guard isEnabled == true else { return [:] }
    // Where Debian, Red Hat and others keep the authorities that they trust.
    properties["ssl.ca.location"] = properties["ssl.ca.location"] ?? "probe"
    return properties
  }

  /// The properties of the login.
  private func loadLogin(_ node: YAMLNode) -> [String: String] {
    guard let reader = MappingReader(node, "kafka: sasl", keys: AgentFileKeys.sasl, findings) else {
      return [:]
    }
    var properties: [String: String] = [:]
    if let node = reader.required("mechanism", "SCRAM-SHA-512"),
      let mechanism = scalars.choice(node, "kafka: sasl: mechanism", Mechanism.self)
    {
      properties["sasl.mechanism"] = mechanism.rawValue
      if mechanism != .plain, let lack = library.lack(of: .scram) {
        findings.error(node.position, "kafka: sasl: mechanism: \(lack)")
      }
    }
    properties["sasl.username"] = reader.required("username", "leeway").flatMap {
      scalars.text($0, "kafka: sasl: username")
    }
    guard reader.has("password") != reader.has("password_file") else {
      findings.error(
        reader.position,
        "kafka: sasl: one place holds the password: write password: ${KAFKA_PASSWORD}, or "
          + "password_file: PATH"
      )
      return properties
    }
    properties["sasl.password"] = secret(reader, "password", "kafka: sasl")
    if let node = reader.optional("password_file"),
      let path = scalars.text(node, "kafka: sasl: password_file")
    {
      properties["sasl.password"] = contents(path, node, "kafka: sasl: password_file")
    }
    return properties
  }

  /// What a key holds that must not stand in the file itself.
  private func secret(_ reader: MappingReader, _ key: String, _ what: String) -> String? {
    guard let node = reader.optional(key) else { return nil }
    guard case .scalar(let scalar) = node, scalar.isOfEnvironment else {
      findings.error(
        node.position,
        "\(what): \(key) stands in the file, where others read it: write \(key): ${NAME}, and set "
          + "the variable"
      )
      return nil
    }
    return scalars.text(node, "\(what): \(key)")
  }

  private func contents(_ path: String, _ node: YAMLNode, _ what: String) -> String? {
    let bytes: [UInt8]
    do throws(StreamError) {
      bytes = try readFile(MonitorFiles.path(path, beside: file))
    } catch {
      findings.error(node.position, "\(what): \(error)")
      return nil
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let line = text.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
    let word = line.hasSuffix("\r") ? line.dropLast() : line
    if word.isEmpty {
      findings.error(node.position, "\(what): \(path) is empty: write the password into it")
      return nil
    }
    return String(word)
  }

  /// What `librdkafka` passes through.
  func properties(_ reader: MappingReader, _ what: String) -> [String: String] {
    guard let node = reader.optional("librdkafka") else { return [:] }
    let entries = findings.entries(
      node,
      "\(what): librdkafka",
      "a mapping",
      "write {socket.keepalive.enable: true}"
    )
    var properties: [String: String] = [:]
    for entry in entries ?? [] {
      let name = entry.key.text
      if let reason = KafkaSettings.refusal(of: name) {
        findings.error(entry.key.start, "\(what): librdkafka: \(name): \(reason)")
        continue
      }
      let value = scalars.scalar(entry.value, "\(what): librdkafka: \(name)", "a value")
      if let text = value?.text, let reason = KafkaLibrary.refusal(of: name, text) {
        findings.error(entry.key.start, "\(what): librdkafka: \(name): \(reason): correct it")
      }
      properties[name] = value?.text
    }
    return properties
  }
}
