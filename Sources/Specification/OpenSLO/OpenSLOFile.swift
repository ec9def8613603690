import Expressions
import YAML

/// The documents of an OpenSLO file, version 1: the kinds that say what an objective is.
///
/// Read are SLO, AlertPolicy and AlertCondition; documents of other kinds are passed over. Mistakes
/// are found at their places in the file itself.
struct OpenSLOFile {
  /// One document.
  struct Document {
    var kind: String
    var name: String
    var spec: YAMLNode
    var position: SourcePosition
  }

  let findings: Findings
  private(set) var documents: [Document] = []

  /// The version that is read.
  static let version = "openslo/v1"
  static let kinds = [
    "SLO", "AlertPolicy", "AlertCondition", "AlertNotificationTarget", "DataSource", "Service",
    "SLI",
  ]
  private static let keys = ["apiVersion", "kind", "metadata", "spec"]

  /// Reads a file; what is wrong with it is among its findings.
  init(_ source: SourceText, file: String) {
    findings = Findings(file: file, source: source)
    let (roots, problems) = YAMLTree.readAll(source)
    for problem in problems {
      findings.error(
        problem.position,
        problem.message.replacing("a monitor file has", with: "OpenSLO files are read with")
      )
    }
    for root in roots {
      if let document = document(root) { documents.append(document) }
    }
    if documents.isEmpty, !findings.hasErrors {
      findings.error(
        SourcePosition(line: 1, column: 1),
        "the file has no documents: write kind: SLO with apiVersion: \(Self.version)"
      )
    }
  }

  private func document(_ node: YAMLNode) -> Document? {
    guard let reader = MappingReader(node, "document", keys: Self.keys, findings),
      let version = reader.required("apiVersion", Self.version),
      checkVersion(version),
      let kindNode = reader.required("kind", "SLO"), let kind = text(kindNode, "kind")
    else { return nil }
    guard Self.kinds.contains(kind) else {
      findings.error(
        kindNode.position,
        "kind: unknown value \"\(kind.prefix(60))\": "
          + Findings.advice(on: kind, among: Self.kinds)
      )
      return nil
    }
    guard ["SLO", "AlertPolicy", "AlertCondition"].contains(kind) else { return nil }
    guard let metadata = reader.required("metadata", "{name: NAME}"),
      let name = Self.name(metadata, kind, findings),
      let spec = reader.required("spec", "{…}")
    else { return nil }
    return Document(kind: kind, name: name, spec: spec, position: reader.position)
  }

  private func checkVersion(_ node: YAMLNode) -> Bool {
    guard let version = text(node, "apiVersion") else { return false }
    if version == Self.version { return true }
    let advice =
      version == "openslo/v1alpha"
      ? "v1alpha is the draft of 2021 with other keys: convert the file (budgetTarget, timeWindows "
        + "and ratioMetrics became targetPercent, timeWindow and ratioMetric)"
      : "write \(Self.version)"
    findings.error(
      node.position,
      "apiVersion: \(Self.version) is read, got \"\(version.prefix(60))\": \(advice)"
    )
    return false
  }

  /// `metadata.name`; the rest of the metadata is not looked at.
  static func name(_ metadata: YAMLNode, _ what: String, _ findings: Findings) -> String? {
    let advice = "write {name: NAME}"
    guard let entries = findings.entries(metadata, "\(what): metadata", "a mapping", advice) else {
      return nil
    }
    guard let entry = entries.first(where: { $0.key.text == "name" }) else {
      findings.error(metadata.position, "\(what): metadata: \"name\" is missing: add name: NAME")
      return nil
    }
    return ScalarReader(findings: findings).text(entry.value, "\(what): metadata.name")
  }

  private func text(_ node: YAMLNode, _ what: String) -> String? {
    ScalarReader(findings: findings).text(node, what)
  }

  /// The documents of a kind.
  func documents(_ kind: String) -> [Document] { documents.filter { $0.kind == kind } }
}
