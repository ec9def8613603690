public import Events

/// One node of the syntax tree, before any scope has given names a meaning.
///
/// Two expressions are equal when they have the same shape; where they stood in their sources does
/// not count. Printing and parsing again gives an equal expression.
public struct Expression: Sendable {
  /// What the node is.
  public indirect enum Node: Sendable, Equatable {
    /// A constant.
    case literal(Literal)
    /// A field of an event, or a signal of a window; `features.*` and `*` are wildcards.
    case path(FieldPath)
    /// A function with its arguments.
    case call(CallName, [Expression])
    /// An operator with one operand.
    case unary(UnaryOperator, Expression)
    /// An operator with two operands.
    case binary(BinaryOperator, Expression, Expression)
    /// `a in [...]`, or `a not in [...]` when negated.
    case membership(Expression, [Expression], negated: Bool)
    /// `a is missing`, or `a is not missing` when negated.
    case absence(Expression, negated: Bool)
    /// `a where condition` as the argument of an aggregate, or `where condition` alone.
    case filter(Expression?, condition: Expression)
  }

  /// A function's name with its place.
  public struct CallName: Sendable, Equatable {
    /// The name as written.
    public var text: String
    /// Where it stands.
    public var span: SourceSpan

    /// Names are equal when their texts are.
    public static func == (left: CallName, right: CallName) -> Bool { left.text == right.text }
  }

  /// What the node is.
  public var node: Node
  /// The bytes of the source that it was read from.
  public var span: SourceSpan

  /// Makes a node that was read from `span`.
  public init(_ node: Node, at span: SourceSpan) {
    self.node = node
    self.span = span
  }
}

extension Expression: Equatable {
  /// Expressions are equal when their trees are, wherever they stood.
  public static func == (left: Expression, right: Expression) -> Bool { left.node == right.node }
}
