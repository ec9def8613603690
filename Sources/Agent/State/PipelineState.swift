internal import Connectors
internal import Events
internal import Ingest
internal import Monitoring
internal import Records
internal import Sketches
internal import Specification

/// What of a pipeline outlives the process: the engine, and where each stream stood.
struct PipelineState {
  let engine: EngineState
  /// The streams that were read, those of earlier processes behind them.
  let sources: [SourceRecord]
  /// How many chunks were read: what orders dead letters.
  let chunks: Int
  /// Whether it is of a pipeline of this process, which read the same streams: nothing went by.
  var isOfThisProcess = false

  /// How many streams are remembered; of more the ones that were read longest ago are forgotten.
  static let sourceLimit = 1024
}

extension PipelineState: ByteCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(engine)
    writer.write(sources)
    writer.write(chunks)
  }

  init(from reader: inout ByteReader) throws(CodingError) {
    engine = try reader.read()
    sources = try reader.read()
    chunks = try reader.read()
  }
}

extension Pipeline {
  /// How all stands between two rounds, for a pipeline that goes on in this one's place.
  var stateOfThisProcess: PipelineState {
    var state = state
    state.isOfThisProcess = true
    return state
  }

  /// How all stands between two rounds.
  var state: PipelineState {
    let positions = crew.positions
    var sources: [SourceRecord] = []
    for (index, source) in crew.marks.enumerated() {
      var record = SourceRecord(name: source.name, file: nil, position: positions[index])
      switch source.kind {
      case .pipe: break
      case .file(let mark), .followed(let mark?): record.file = mark
      // Its place is the position's line.
      case .line(let next?): record.position = record.position.at(line: next)
      // Nothing is known of it: it begins anew.
      case .line(nil), .followed(nil): continue
      }
      record.letters = letters.withheld.filter { $0.source == index }
      record.openLines = source.openLines?.sealed(by: plan.monitor.pii?.key)
      sources.append(record)
    }
    // What has no file's mark and the same name is the same stream; a file is another one, whatever
    // its name.
    let named = Set(sources.filter { $0.file == nil }.map(\.name))
    sources += remembered.filter { $0.file != nil || !named.contains($0.name) }
    return PipelineState(
      engine: engine.state(holding: crew.counted),
      sources: Array(sources.prefix(PipelineState.sourceLimit)),
      chunks: crew.withStreams { $0.order }
    )
  }

  /// Goes on where another process stood; of use before anything was read.
  ///
  /// A file that is known goes on behind what was read of it, another one begins. What waits in a
  /// stream that is not read any more is decided on as at its end.
  ///
  /// - Parameters:
  ///   - state: What that process wrote.
  ///   - pending: The predictions that waited on the disk; `nil` where none did.
  /// - Returns: What begins anew or was dropped, in words.
  /// - Throws: `ResumeError` where the bytes are no state, or a file cannot be read.
  mutating func resume(
    _ state: PipelineState,
    pending: PendingFolder? = nil
  ) throws(ResumeError) -> [String] {
    let restored: RestoredState
    do {
      restored = try engine.restore(state.engine, pending: pending)
    } catch {
      throw .damaged(error)
    }
    for counted in restored.open { crew.add(counted) }
    crew.withStreams { $0.order = state.chunks }
    remembered = state.sources.map { $0.inPanes(of: plan, from: restored.panes) }
    let events = state.sources.map(\.position.events).max() ?? 0
    let closedPane = remembered.compactMap(\.position.closedPane).max()
    let marks = crew.marks
    let places = try records(of: marks)
    let known = remembered
    remembered = known.indices.filter { !places.contains($0) }.map { known[$0] }
    for (index, source) in marks.enumerated() {
      if let place = places[index] {
        let record = known[place]
        if source.kind == .pipe, !state.isOfThisProcess {
          crew.begin(index, at: record.position.ofNewPipe)
          // The lines before them are another process's: nothing is in front of them any more.
          letters.add(record.letters)
          refuseOpenLines(of: record)
        } else {
          try resume(record, as: index)
        }
      } else {
        let begun = StreamPosition(after: plan.countsEvents ? events : 0, closedPane: closedPane)
        crew.begin(index, at: begun)
      }
    }
    for index in remembered.indices { letGo(index) }
    // A pipe went on without us.
    if !state.isOfThisProcess, marks.contains(where: { $0.kind == .pipe }),
      !state.sources.isEmpty
    {
      engine.noteHole(after: state.sources.compactMap { $0.position.endClock(plan) }.max())
    }
    if state.sources.contains(where: { $0.position.heard > 0 }) { deliveries.resume() }
    return restored.notes
  }

  /// Lets a stream that came later go on where an earlier process stood in it.
  mutating func goOn(_ index: Int, _ mark: Crew.Mark) {
    guard let place = (try? records(of: [mark]))?[0] else { return }
    let record = remembered.remove(at: place)
    guard (try? crew.resume(index, as: record)) == true else { return }
    crew.begin(index, at: record.position)
  }

  private mutating func resume(_ record: SourceRecord, as index: Int) throws(ResumeError) {
    let isLongEnough: Bool
    do {
      isLongEnough = try crew.resume(index, as: record)
    } catch {
      throw .stream(error)
    }
    guard isLongEnough else {
      throw .shorter(name: record.name, offset: record.file?.offset ?? record.position.lines)
    }
    crew.begin(index, at: record.position)
    letters.add(record.letters.map { $0.of(index) })
    let open = record.openLines?.opened(by: plan.monitor.pii?.key) ?? OpenLines()
    guard !crew.resume(index, open, after: record.position.lines) else { return }
    // Another monitor has joined lines, and counted them as one.
    crew.begin(index, at: record.position.at(line: record.position.lines + open.joined))
    refuseOpenLines(of: record)
  }

  /// Refuses the lines of a stream whose other parts do not come any more.
  private func refuseOpenLines(of record: SourceRecord) {
    guard let open = record.openLines else { return }
    let order = crew.withStreams { $0.order }
    let lineLimit = plan.monitor.limits.lineBytes
    crew.take(open.refused(order: order, lineLimit: lineLimit), source: record.name)
  }

  /// Decides on what waits in a stream that is not read any more.
  private mutating func letGo(_ index: Int) {
    let settled = remembered[index].position.finish(plan)
    crew.take(settled, source: remembered[index].name)
    letters.add(remembered[index].letters)
    remembered[index].letters = []
    refuseOpenLines(of: remembered[index])
    remembered[index].openLines = remembered[index].openLines?.withoutLines
  }
}

/// Why a process cannot go on from a state.
enum ResumeError: Error, Equatable {
  /// The bytes are no state of this version.
  case damaged(CodingError)
  /// A file cannot be read.
  case stream(StreamError)
  /// A file begins as it did, and is shorter than what was read of it.
  case shorter(name: String, offset: Int)
}

extension OrderedLetter {
  /// The letter as one of a stream that is read now.
  fileprivate func of(_ source: Int) -> OrderedLetter {
    OrderedLetter(order: order, source: source, line: line, letter: letter)
  }
}
