internal import Events
internal import Specification

/// Where it stands in a batch who says an outcome.
struct VotePlan: Sendable {
  private let annotator: Int?
  private let skipped: Int?
  private let source: Int?
  private let standard: OutcomeSource
  private static let flags = ClassReader(positive: nil)

  init(_ votes: OutcomeMapping.Votes, _ builder: inout SchemaBuilder) {
    annotator = votes.annotator.map { builder.shown($0, .token) }
    skipped = votes.skipped.map { builder.slot($0, .value) }
    source = votes.source.map { builder.slot($0, .value) }
    standard = votes.standard
  }

  /// Who says the outcome of a row; `nil` where its source is none that is known.
  func voice(
    at row: Int,
    _ columns: borrowing EventColumns,
    _ chunk: UnsafeRawBufferPointer
  ) -> Voice? {
    var own = standard
    if let source {
      let cell = columns.cell(slot: source, row: row)
      if cell != .missing, cell != .null {
        guard let word = unsafe canonicalBytes(of: cell, in: chunk),
          let named = OutcomeSource(word: word)
        else { return nil }
        own = named
      }
    }
    var isSkipped = false
    if let skipped {
      let cell = columns.cell(slot: skipped, row: row)
      isSkipped = unsafe Self.flags.read(cell, in: chunk) == 1
    }
    let who = annotator.map { columns.cell(slot: $0, row: row) }
    let annotator = who.flatMap { unsafe EventID($0, in: chunk) }
    return Voice(own, annotator, isSkipped: isSkipped)
  }
}
