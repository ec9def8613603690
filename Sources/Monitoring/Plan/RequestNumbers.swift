internal import Events
internal import Expressions
internal import Specification

/// What is of a request and not of its rows, where each row of a batch is a prediction.
///
/// A number that reads fields, none of which stands in a batch, is the request's: latency, failure,
/// what a request costs. Of the rows of a line the first one stands for it.
struct RequestNumbers: Sendable {
  /// The column that says which row of its line an event is.
  let slot: Int
  private let batches: [FieldPath]

  /// `nil` where lines have no rows.
  init?(_ monitor: Monitor, _ builder: inout SchemaBuilder) {
    guard monitor.numbersRows else { return nil }
    slot = builder.slot(EventRewriter.rowPath, .value)
    batches = monitor.shape.batches
  }

  /// Whether what reads these fields is the request's.
  func covers(_ fields: [EventField]) -> Bool {
    !fields.isEmpty
      && fields.allSatisfy { field in
        !batches.contains { $0 == field.path || $0.contains(field.path) }
      }
  }

  /// Whether a number is the request's.
  func covers(_ number: DerivedNumber) -> Bool {
    guard case .expression(let expression) = number else { return false }
    return covers(expression.fields)
  }

  /// The indices of the numbers that are the request's.
  func indices(among numbers: [DerivedNumber]) -> Set<Int> {
    Set(numbers.indices.filter { covers(numbers[$0]) })
  }

  /// Whether a row stands for its request.
  func isFirst(_ row: Int, _ columns: borrowing EventColumns) -> Bool {
    let cell = columns.cell(slot: slot, row: row)
    return !(Double(bitPattern: cell.bits) > 0)
  }
}
