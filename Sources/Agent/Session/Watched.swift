package import Monitoring
internal import Ingest
internal import Records
internal import Specification

/// A monitor at work: its plan, its pipeline, and what was said of it so far.
///
/// Its 10 properties are what it is, where its predictions wait, and what was told.
package final class Watched {
  /// Its name among others: that of its file, without the ending.
  package let name: String
  /// What is computed.
  package let plan: Plan
  /// What counts and judges.
  package var pipeline: Pipeline
  /// Its place among those who read the same streams; `nil` where it is the only one.
  let reader: SharedStreams.ReaderID?
  /// What was said of lines that it refused.
  package var refusals = RefusalNotes()
  /// The snapshot of how it stands; `nil` where none is kept.
  package var board: SnapshotBoard?
  /// The folder of predictions that wait on the disk; `nil` where nothing outlives the process.
  let folder: String?
  /// The number of the copy of them that the last state names.
  var copyNumber = 0
  /// Whether it was said that rows of batches are not looked at.
  private var hasToldRows = false
  /// How many damaged predictions were told of.
  private var toldDamaged = 0

  /// A monitor that reads its streams alone.
  init(_ plan: Plan, _ pipeline: consuming Pipeline, folder: String?) {
    name = plan.monitor.model
    self.plan = plan
    self.pipeline = pipeline
    reader = nil
    self.folder = folder
  }

  /// A monitor that reads streams with others.
  ///
  /// - Parameters:
  ///   - named: What it computes.
  ///   - shared: The streams.
  ///   - request: What the session was asked for.
  init(_ named: NamedPlan, _ shared: SharedStreams, _ request: Session.Request) {
    name = named.name
    plan = named.plan
    folder = request.state.map { "\($0)/\(named.name)" }
    let (reader, sources) = shared.addReader(named.plan)
    self.reader = reader
    pipeline = Pipeline(
      named.plan,
      OpenedStreams(shared: sources),
      isLive: true,
      options: request.options(folder: folder)
    )
  }

  /// The model's name.
  package var model: String { plan.monitor.model }

  /// Takes what is known to be damaged for told.
  func ignoreDamage() { toldDamaged = pipeline.engine.damagedPredictions }

  /// Hands over what is to be said of rows and of predictions that wait, a sentence each.
  func takeNotes() -> [String] {
    var notes: [String] = []
    let damaged = pipeline.engine.damagedPredictions
    if damaged > toldDamaged {
      notes.append(
        "damaged on the disk: \(counted(damaged - toldDamaged, "prediction")) that waited for an "
          + "outcome; the others go on"
      )
      toldDamaged = damaged
    }
    guard !hasToldRows, let sentence = pipeline.tally.passedRowsSentence else { return notes }
    hasToldRows = true
    return notes + [sentence]
  }
}
