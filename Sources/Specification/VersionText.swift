public import Events
internal import Expressions

/// A version that is put together of fields and texts: the model, the prompt's name and its version.
public struct VersionText: Sendable, Equatable {
  /// A piece of the text.
  public enum Part: Sendable, Equatable {
    /// The value of a field.
    case field(FieldPath)
    /// A text as it is.
    case text(String)
  }

  /// The pieces in their order; at least one is a field.
  public var parts: [Part]

  /// The most pieces of one version.
  public static let partsLimit = 16

  /// The fields that are read.
  public var fields: [FieldPath] {
    parts.compactMap { if case .field(let path) = $0 { path } else { nil } }
  }

  /// Takes an expression apart that adds fields and texts; `nil` where it adds anything else, no
  /// field, or too much.
  ///
  /// - Parameter expression: The sum.
  init?(_ expression: Expression) {
    guard let parts = Self.parts(of: expression), parts.count <= Self.partsLimit else { return nil }
    self.parts = parts
    if fields.isEmpty { return nil }
  }

  private static func parts(of expression: Expression) -> [Part]? {
    switch expression.node {
    case .path(let path) where !path.isWildcard: return [.field(path)]
    case .literal(.string(let text)): return [.text(text)]
    case .binary(.add, let left, let right):
      guard let one = parts(of: left), let other = parts(of: right) else { return nil }
      return one + other
    default: return nil
    }
  }
}
