package import Monitoring
internal import Ingest
internal import Records
internal import Specification

/// A monitor at work: its plan, its pipeline, and what was said of it so far.
package final class Watched {
  /// What is computed.
  package let plan: Plan
  /// What counts and judges.
  package var pipeline: Pipeline
  /// The folder of predictions that wait on the disk; `nil` where nothing outlives the process.
  let folder: String?
  /// The number of the copy of them that the last state names.
  var copyNumber = 0
  /// Whether it was said that rows of batches are not looked at.
  private var hasToldRows = false
  /// How many damaged predictions were told of.
  private var toldDamaged = 0

  init(_ plan: Plan, _ pipeline: consuming Pipeline, folder: String?) {
    self.plan = plan
    self.pipeline = pipeline
    self.folder = folder
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
