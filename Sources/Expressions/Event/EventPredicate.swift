public import Events

/// A field that a predicate reads.
public struct EventField: Hashable, Sendable {
  /// Where the field stands in an event.
  public var path: FieldPath
  /// How the decoder should hand it over.
  public var form: Schema.Form
  /// The type that its use asks for; `nil` when any will do (`exists(x)`, `a == b`).
  public var type: ValueType?
}

/// A condition on one event, such as `kind == "prediction" and features.amount >= 10`.
///
/// - **Three values**: a comparison with a field that is missing, null or of another type than its
///   use asks for is *unknown*; `and`, `or` and `not` are Kleene's; a predicate whose answer is
///   unknown does not hold. `is missing` and `exists(...)` are always known.
/// - **Types** are inferred from use and checked when the source is read.
public struct EventPredicate: Sendable, Equatable {
  /// The tree that was read.
  public let expression: Expression
  /// The fields that are read, each once, in order of first use.
  public let fields: [EventField]
  private let condition: EventCondition

  /// Reads and checks a condition.
  ///
  /// - Parameters:
  ///   - source: The condition.
  ///   - roles: The names that stand for mapped fields.
  /// - Returns: The condition with the fields that it reads.
  /// - Throws: The syntax error, or all type errors.
  public static func parse(
    _ source: String,
    roles: EventRoles = .none
  ) throws(ExpressionErrors) -> EventPredicate {
    let expression = try Expression.parse(source)
    var types = EventTypes(roles: roles)
    types.check(expression)
    guard types.diagnostics.isEmpty else { throw ExpressionErrors(types.diagnostics) }
    let condition = EventCompiler(fields: types.fields, roles: roles).condition(expression)
    return EventPredicate(expression: expression, fields: types.fields, condition: condition)
  }

  /// Judges every row of a batch.
  ///
  /// - Parameters:
  ///   - columns: One column a field, in the order of `fields`, each of `rowCount` cells.
  ///   - rowCount: The number of events.
  ///   - chunk: The bytes that the cells' references point into.
  ///   - mask: Receives 1 for each row that holds, 0 for the others.
  /// - Complexity: O(rows · nodes); scratch of a few kilobytes a level, none kept.
  public func evaluate(
    columns: [UnsafePointer<UInt64>],
    rowCount: Int,
    chunk: UnsafeRawBufferPointer,
    into mask: UnsafeMutablePointer<UInt8>
  ) {
    unsafe judge(columns: columns, rowCount: rowCount, chunk: chunk, into: mask)
    for row in 0..<rowCount { unsafe mask[row] = mask[row] == Truth.yes ? 1 : 0 }
  }

  /// Judges every row of a batch and tells what does not hold from what cannot be known.
  ///
  /// - Parameters:
  ///   - columns: One column a field, in the order of `fields`, each of `rowCount` cells.
  ///   - rowCount: The number of events.
  ///   - chunk: The bytes that the cells' references point into.
  ///   - truths: Receives a ``Truth`` for each row.
  /// - Complexity: O(rows · nodes); scratch of a few kilobytes a level, none kept.
  public func judge(
    columns: [UnsafePointer<UInt64>],
    rowCount: Int,
    chunk: UnsafeRawBufferPointer,
    into truths: UnsafeMutablePointer<UInt8>
  ) {
    unsafe precondition(columns.count == fields.count, "\(columns.count) columns for the fields")
    let evaluator = unsafe EventEvaluator(columns: columns, rowCount: rowCount, chunk: chunk)
    unsafe evaluator.evaluate(condition, into: truths)
  }

  /// Judges every event of decoded columns.
  ///
  /// - Parameters:
  ///   - events: The events, decoded from `chunk`.
  ///   - slots: For each of `fields`, the slot of the schema that holds it.
  ///   - chunk: The bytes that were decoded.
  ///   - mask: Receives 1 for each event that holds, 0 for the others; `events.rowCount` bytes.
  public func evaluate(
    _ events: borrowing EventColumns,
    slots: [Int],
    chunk: UnsafeRawBufferPointer,
    into mask: UnsafeMutablePointer<UInt8>
  ) {
    var columns = unsafe [UnsafePointer<UInt64>]()
    for slot in slots { unsafe columns.append(events.cells(slot)) }
    unsafe evaluate(columns: columns, rowCount: events.rowCount, chunk: chunk, into: mask)
  }
}
