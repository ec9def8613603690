/// Which values are taken from an event, and in which form.
///
/// Each slot becomes one column. A path may be wanted in both forms, in two slots: it is decoded
/// once.
public struct Schema: Sendable, Equatable {
  /// How a value is put into its cell.
  ///
  /// `null`, objects and arrays are specials in both forms.
  public enum Form: Sendable, Equatable {
    /// A number is its double, a boolean ``Cell/true`` or ``Cell/false``, a string a reference.
    case value
    /// Every scalar is a reference to its bytes.
    case token
    /// Nothing is decoded: the caller fills the column.
    case own
  }

  /// One wanted value.
  public struct Slot: Sendable, Equatable {
    /// Where the value stands.
    public var path: FieldPath
    /// How it is put into its cell.
    public var form: Form

    /// A slot for the value at `path`.
    public init(path: FieldPath, form: Form) {
      self.path = path
      self.form = form
    }
  }

  /// The wanted values; a slot's index is its column's.
  public var slots: [Slot]
  /// Paths whose unknown members are reported as discovered, such as `features.*`.
  public var wildcards: [FieldPath]

  /// A schema of the given slots.
  ///
  /// - Parameters:
  ///   - slots: Paths without a wildcard.
  ///   - wildcards: Paths with a wildcard.
  public init(slots: [Slot], wildcards: [FieldPath] = []) {
    precondition(slots.allSatisfy { !$0.path.isWildcard }, "a slot's path is a wildcard")
    precondition(wildcards.allSatisfy(\.isWildcard), "a wildcard's path is not one")
    self.slots = slots
    self.wildcards = wildcards
  }
}
