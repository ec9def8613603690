package import Events
package import Specification

/// What is read of the events that a line is taken apart into.
extension Monitor {
  /// What whoever takes lines apart has to know.
  package var rowReading: EventRewriter.Reading {
    EventRewriter.Reading(
      id: prediction.id,
      numbersRows: numbersRows,
      paths: [prediction.id, prediction.score, prediction.decision, prediction.time]
        .compactMap(\.self) + prediction.features.map(\.path),
      json: isStrict ? .strict : .lenient
    )
  }

  /// Whether something is measured once a request, and requests have rows.
  var numbersRows: Bool {
    !shape.batches.isEmpty
      && (prediction.latency != nil || prediction.failure != nil || !kpis.isEmpty || !slos.isEmpty)
  }
}
