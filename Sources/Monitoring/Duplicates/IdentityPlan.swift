internal import Events
internal import Specification

/// Where the id and the version of a prediction stand in a batch.
struct IdentityPlan: Sendable {
  let idSlot: Int
  let versionSlot: Int?
  /// How events that come twice are found; `nil` where nobody asks.
  let duplicates: DuplicateSpecification?
  /// Whether rows are handed to the engine when their pane is closed.
  let joins: Bool

  /// `nil` where neither outcomes nor duplicates are asked for.
  init?(_ monitor: Monitor, _ builder: inout SchemaBuilder) {
    let mapping = monitor.prediction
    guard let id = mapping.id, monitor.outcome != nil || mapping.duplicates != nil,
      !monitor.countsEvents
    else { return nil }
    idSlot = builder.shown(id, .token)
    let version = mapping.version ?? mapping.duplicates?.version
    versionSlot = version.map { builder.shown($0, .token) }
    duplicates = mapping.duplicates
    joins = monitor.outcome != nil || mapping.duplicates?.drops == false
  }

  /// The prediction of a row, with its id and nothing that it says; `nil` where it has no id.
  func prediction(
    at row: Int,
    _ time: Int64,
    _ key: Int32,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> PredictionRow? {
    guard let id = unsafe EventID(columns.cell(slot: idSlot, row: row), in: chunk) else {
      return nil
    }
    return PredictionRow(
      id: id,
      version: unsafe EventID.versionHash(versionSlot, row, columns, chunk),
      time: time,
      score: .nan,
      decision: .nan,
      key: key
    )
  }
}
