import Events
import YAML

/// Reads the name of a time zone, and the zone that it names.
struct ZoneLoader {
  let findings: Findings
  let files: MonitorFiles
  private var scalars: ScalarReader { ScalarReader(findings: findings) }

  /// The zone that a scalar names.
  ///
  /// - Parameters:
  ///   - node: The name.
  ///   - what: Its place in words.
  /// - Returns: `nil` where something is wrong.
  func zone(_ node: YAMLNode, _ what: String) -> CivilZone? {
    guard let name = scalars.text(node, what, bytesMax: 64) else { return nil }
    if ["UTC", "Etc/UTC", "Z"].contains(name) { return .utc }
    guard Self.isName(name) else {
      findings.error(
        node.position,
        "\(what): the name of a time zone, got \"\(name)\": write Europe/Berlin, or UTC"
      )
      return nil
    }
    switch files.zone(name) {
    case .failure(let problem):
      findings.error(
        node.position,
        "\(what): no time zone \"\(name)\": \(problem.reason): \(Self.advice)"
      )
      return nil
    case .success(let bytes):
      do throws(ZoneFileError) {
        return try CivilZone(name: name, file: bytes)
      } catch {
        findings.error(node.position, "\(what): \"\(name)\" is \(error): \(Self.advice)")
        return nil
      }
    }
  }

  private static let advice =
    "write a name of the tz database, as in Europe/Berlin, or install the package tzdata"

  /// Whether a text can be the name of a zone, and no other path.
  private static func isName(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-"
    return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(letters.contains) }
  }
}
