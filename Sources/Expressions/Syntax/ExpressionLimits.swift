/// What an expression may be at most, so that no source can exhaust the stack or the time.
public enum ExpressionLimits {
  /// The longest source, in UTF-8 bytes: a condition that is longer is not one a person reads.
  public static let sourceBytes = 4_096
  /// The deepest nesting of parentheses, calls and prefix operators.
  public static let nesting = 32
  /// The most operands and operators of one expression; it bounds the depth of left-leaning chains.
  public static let nodes = 256
}
