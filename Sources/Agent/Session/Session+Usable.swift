internal import Monitoring
internal import Records

extension Session {
  /// Sees that something could be said of what the model answers, and of what it is asked.
  ///
  /// - Throws: `SessionError.nothingUsable`, with what values look like.
  package func checkUsable() throws(SessionError) {
    let one = only
    let engine = one.pipeline.engine
    let named = engine.unusableSignals
    guard !named.isEmpty else { return }
    let untold = UntoldSignal.all(
      engine.movements.rows,
      unwatched: [],
      looks: one.pipeline.invalidWords
    )
    throw .nothingUsable(named.compactMap { name in untold.first { $0.signal == name } })
  }
}
