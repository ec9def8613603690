/// Puts environment values into scalars: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`.
///
/// `$${` stands for `${`. Values are put in after YAML was read, so they cannot change the file's
/// structure, and keys are left alone.
struct EnvironmentValues {
  let environment: [String: String]
  /// The most problems of one scalar that are reported.
  private static let problemsMax = 8
  private(set) var problems: [(offset: Int, message: String)] = []

  init(_ environment: [String: String]) { self.environment = environment }

  /// Replaces the references of one scalar.
  mutating func expand(_ scalar: YAMLScalar) -> YAMLScalar {
    let written = Array(scalar.written.utf8)
    guard written.contains(UInt8(ascii: "$")) else { return scalar }
    var text: [UInt8] = []
    var substitutions: [YAMLScalar.Substitution] = []
    var position = 0
    while position < written.count, problems.count < Self.problemsMax {
      let rest = written[position...]
      let start = position
      let value: [UInt8]
      if rest.starts(with: Array("$${".utf8)) {
        value = Array("${".utf8)
        position += 3
      } else if rest.starts(with: Array("${".utf8)) {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
          problems.append((position, "the reference does not end: write ${NAME}, or $${ for ${"))
          return scalar
        }
        value = Array(resolve(written[(position + 2)..<end], at: position).utf8)
        position = end + 1
      } else {
        text.append(written[position])
        position += 1
        continue
      }
      substitutions.append(
        YAMLScalar.Substitution(
          textOffset: text.count,
          textLength: value.count,
          writtenOffset: start,
          writtenLength: position - start
        )
      )
      text += value
    }
    var expanded = scalar
    expanded.text = String(decoding: text, as: UTF8.self)
    expanded.substitutions = substitutions
    return expanded
  }

  private mutating func resolve(_ reference: ArraySlice<UInt8>, at offset: Int) -> String {
    let nameEnd = reference.firstIndex(of: UInt8(ascii: ":")) ?? reference.endIndex
    let name = String(decoding: reference[..<nameEnd], as: UTF8.self)
    guard isIdentifier(name) else {
      problems.append((offset, "\"\(name)\" names no environment value: write ${NAME}"))
      return ""
    }
    let value = environment[name]
    guard nameEnd < reference.endIndex else {
      if value == nil {
        problems.append(
          (offset, "the environment has no \"\(name)\": set it, or write ${\(name):-default}")
        )
      }
      return value ?? ""
    }
    let words = String(decoding: reference[(nameEnd + 1)...], as: UTF8.self)
    // As in a shell, the colon makes an empty value count as unset.
    let present = value.flatMap { $0.isEmpty ? nil : $0 }
    switch words.utf8.first {
    case UInt8(ascii: "-"): return present ?? String(words.dropFirst())
    case UInt8(ascii: "?") where present != nil: return present ?? ""
    case UInt8(ascii: "?"):
      let message = words.count > 1 ? String(words.dropFirst()) : "it must be set"
      problems.append((offset, "the environment has no \"\(name)\": \(message)"))
    default:
      problems.append(
        (offset, "unknown form \"${\(name):\(words)}\": write ${NAME:-default} or ${NAME:?message}")
      )
    }
    return ""
  }
}
