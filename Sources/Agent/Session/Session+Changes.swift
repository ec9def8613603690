internal import Connectors
internal import Events
internal import Ingest
internal import Monitoring
internal import Specification

extension Monitor {
  /// The key of a monitor in whose place another one is to be, on streams that are open, and in which
  /// the two do not agree as they must; `nil` where they do.
  fileprivate func keyOfStreams(beside other: Monitor) -> String? {
    if model != other.model { return "model" }
    if pii?.key.check != other.pii?.key.check { return "pii" }
    if limits.lineBytes != other.limits.lineBytes { return "limits.line_bytes" }
    return shape.prefix == other.shape.prefix ? nil : "prefix"
  }
}

/// What changes while a session goes on; all of it between rounds.
extension Session {
  /// Watches a monitor from now on.
  ///
  /// One of the same name and model gives its place to it, with all that it has counted; another one
  /// of the same name is let go.
  ///
  /// - Parameter named: What is computed.
  /// - Returns: What begins anew or was dropped, in words.
  /// - Throws: `SessionError` where it cannot be watched: all is as before.
  package mutating func watch(_ named: NamedPlan) throws(SessionError) -> [String] {
    try request.check(named.plan, streams: withStreams { $0.streams.count })
    guard let shared else { return try replaceOnly(with: named.plan) }
    guard let place = watched.firstIndex(where: { $0.name == named.name }) else {
      return try add(named, shared)
    }
    let old = watched[place]
    guard old.model == named.plan.monitor.model else {
      let notes = try add(named, shared)
      try letGo(place)
      return notes
    }
    guard old.pipeline.engine.spilledPredictions == 0 else {
      throw .state(.waitingOnDisk(model: old.model))
    }
    let one = Watched(named, shared, request)
    var notes: [String]
    do throws(StateError) {
      let state = old.pipeline.stateOfThisProcess
      notes = try StateKeeper.resume(state, nil, &one.pipeline, named.name)
    } catch {
      if let reader = one.reader { shared.removeReader(reader) }
      throw .state(error)
    }
    one.pipeline.earlier = old.pipeline.tally
    one.copyNumber = old.copyNumber
    (one.board, one.refusals) = (old.board, old.refusals)
    one.ignoreDamage()
    watched[place] = one
    if let reader = old.reader { shared.removeReader(reader) }
    return notes
  }

  /// Watches another monitor in the place of the only one, on the same streams.
  private mutating func replaceOnly(with plan: Plan) throws(SessionError) -> [String] {
    let old = only
    if let key = old.plan.monitor.keyOfStreams(beside: plan.monitor) {
      throw .state(.needsRestart(model: old.model, key: key))
    }
    guard old.pipeline.engine.spilledPredictions == 0 else {
      throw .state(.waitingOnDisk(model: old.model))
    }
    let pipeline: Pipeline
    do {
      let options = request.options(folder: request.state)
      pipeline = try Pipeline(inPlaceOf: old.pipeline, plan, options: options)
    } catch {
      throw .state(.needsRestart(model: old.model, key: "what it counts"))
    }
    let one = Watched(plan, pipeline, folder: old.folder)
    one.copyNumber = old.copyNumber
    (one.board, one.refusals) = (old.board, old.refusals)
    one.ignoreDamage()
    watched = [one]
    return one.pipeline.changes
  }

  /// Watches a monitor that was not watched; it begins where the others are.
  private mutating func add(
    _ named: NamedPlan,
    _ shared: SharedStreams
  ) throws(SessionError) -> [String] {
    let one = Watched(named, shared, request)
    var notes: [String] = []
    do throws(StateError) {
      notes = try keeper?.takeBack(one, beside: watched) ?? []
    } catch {
      if let reader = one.reader { shared.removeReader(reader) }
      throw .state(error)
    }
    one.ignoreDamage()
    watched.append(one)
    return notes
  }

  /// Watches a monitor no more: its state is kept for it, or what is open is judged where none is
  /// kept.
  ///
  /// - Parameter name: Its name.
  /// - Throws: `SessionError` where an output cannot be written, or its predictions not be kept.
  package mutating func drop(_ name: String) throws(SessionError) {
    guard let place = watched.firstIndex(where: { $0.name == name }) else { return }
    try letGo(place)
  }

  private mutating func letGo(_ place: Int) throws(SessionError) {
    let one = watched[place]
    if keeper != nil {
      do throws(StateError) {
        try keeper?.leave(one)
      } catch {
        throw .state(error)
      }
    } else {
      repeat {
        let last = one.pipeline.finish()
        try write(last, of: one)
      } while one.pipeline.hasBacklog
    }
    watched.remove(at: place)
    if let reader = one.reader { shared?.removeReader(reader) }
  }
}
