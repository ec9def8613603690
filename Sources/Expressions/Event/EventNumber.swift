/// A number of one event, such as `features.amount / 100` or `decision == "approve"`.
///
/// - **Conditions** count as 0 or 1, and so does a field that holds a boolean.
/// - **Durations** are in seconds.
/// - **No value**: what is missing, of another type, unknown or beyond the doubles has none.
public struct EventNumber: Sendable {
  /// What was read, in canonical form, with its condition behind `where`.
  public let text: String
  /// The fields that are read, each once, in order of first use.
  public let fields: [EventField]
  /// Whether the number is a `number` or a `duration`.
  public let type: ValueType
  let node: EventNumberNode

  /// Reads and checks a number.
  ///
  /// - Parameters:
  ///   - source: The number, or a condition that counts as 0 or 1.
  ///   - roles: The names that stand for mapped fields.
  /// - Returns: The number with the fields that it reads.
  /// - Throws: The syntax error, or all type errors.
  public static func parse(
    _ source: String,
    roles: EventRoles = .none
  ) throws(ExpressionErrors) -> EventNumber {
    let expression = try Expression.parse(source)
    var types = EventTypes(roles: roles)
    types.checkNumber(expression, where: nil)
    guard types.diagnostics.isEmpty else { throw ExpressionErrors(types.diagnostics) }
    return EventNumber(of: expression, where: nil, types, roles)
  }

  /// The number of checked expressions.
  init(
    of expression: Expression?,
    where condition: Expression?,
    _ types: EventTypes,
    _ roles: EventRoles
  ) {
    text = (expression?.description ?? "1") + (condition.map { " where \($0)" } ?? "")
    let compiler = EventCompiler(fields: types.fields, roles: roles)
    let number = expression.map { compiler.countable($0) } ?? .constant(1)
    fields = types.fields
    type = expression.flatMap { types.type(of: $0) } == .duration ? .duration : .number
    node = condition.map { .filtered(number, compiler.condition($0)) } ?? number
  }

  /// Works the number out for every row of a batch.
  ///
  /// - Parameters:
  ///   - columns: One column a field, in the order of `fields`, each of `rowCount` cells.
  ///   - rowCount: The number of events.
  ///   - chunk: The bytes that the cells' references point into.
  ///   - cells: Receives a double's bits for each row; a row without a number has `Cell.missing`,
  ///     or, where the number is a field by itself, that field's own cell; `Cell.missing` again
  ///     where the condition of an aggregate does not hold.
  /// - Complexity: O(rows · nodes); scratch of a few kilobytes a level, none kept.
  public func evaluate(
    columns: [UnsafePointer<UInt64>],
    rowCount: Int,
    chunk: UnsafeRawBufferPointer,
    into cells: UnsafeMutablePointer<UInt64>
  ) {
    unsafe precondition(columns.count == fields.count, "\(columns.count) columns for the fields")
    let evaluator = unsafe EventEvaluator(columns: columns, rowCount: rowCount, chunk: chunk)
    unsafe evaluator.evaluate(node, into: cells)
  }
}

extension EventNumber: Hashable {
  /// Whether both give every event the same number, however they are spelt.
  public static func == (left: EventNumber, right: EventNumber) -> Bool {
    left.fields == right.fields && left.type == right.type && left.node == right.node
  }

  /// Hashes what equality compares.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(fields)
    hasher.combine(type)
    hasher.combine(node)
  }
}
