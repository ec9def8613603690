import Connectors
import Foundation
import Ingest
import Records
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring
@testable import Specification

/// A small model with a stream that drifts, is late in places, and has lines nobody can read.
struct SampleStream {
  let folder: URL
  var plan: Plan
  let lines: [String]
  /// How many of the lines are of each kind.
  var good = 0
  var ignored = 0
  var blank = 0
  var refused = 0

  static let monitorText = """
    model: sample
    events:
      prediction:
        when: kind == "p"
        time: {field: ts, unit: s}
        score: score
        features: [color]
        segments: [group]
    windows: {hour: {size: 1h, slide: 15m}}
    slide: 15m
    lateness: 5m
    rules:
      - alert: Moved
        expr: drift(*) > 0.1
        window: hour
        for: 30m
    """

  init() throws {
    folder = try TemporaryFolder().url
    let loaded = Monitor.load(
      bytes: Array(Self.monitorText.utf8),
      file: "sample.yaml",
      environment: [:]
    )
    let monitor = try #require(loaded.monitor)
    let reference = (0..<1000).map { Self.event($0, at: 1_600_000_000 + $0, drift: 0) }
    let path = folder.appending(path: "reference").path
    try Data(reference.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    var profiling = try Profiling(monitor, paths: [path])
    while profiling.readChunk() != nil {}
    plan = try Plan(monitor: monitor, profile: try profiling.finish())
    var lines: [String] = []
    for index in 0..<6000 {
      let time = 1_700_000_000 + 3 * index
      lines.append(Self.event(index, at: time, drift: index > 2000 && index < 4500 ? 0.5 : 0))
      good += 1
      switch index % 50 {
      case 7:
        lines.append("{\"kind\":\"p\",\"ts\":1}")
        refused += 1
      case 13:
        lines.append("{\"kind\":\"other\"}")
        ignored += 1
      case 17:
        lines.append("")
        blank += 1
      case 29:
        lines.append("{\(index)")
        refused += 1
      default: break
      }
    }
    self.lines = lines
  }

  /// An event whose values go round evenly.
  private static func event(_ index: Int, at time: Int, drift: Double) -> String {
    let score = Double(index * 37 % 100) / 100
    let color = ["red", "green", "blue"][index % 3]
    return "{\"kind\":\"p\",\"ts\":\(time),\"score\":\(score * (1 - drift)),"
      + "\"color\":\"\(color)\",\"group\":\"g\(index * 7 % 3)\"}"
  }

  /// Writes lines to a file and returns its path.
  func write(_ lines: some Sequence<String>, as name: String) throws -> String {
    let url = folder.appending(path: name)
    try Data(lines.joined(separator: "\n").utf8).write(to: url)
    return url.path
  }

  /// What a pipeline makes of files.
  struct Result {
    var metrics: [UInt8] = []
    var alerts: [Alert] = []
    var letters: [DeadLetter] = []
    var tally = StreamTally()
    var failures: [StreamError] = []
    var summary = ""
  }

  func run(_ paths: [String], threads: Int, batch: Int) throws -> Result {
    var options = PipelineOptions()
    options.threads = threads
    options.batch = batch
    options.measuring = .everything
    options.keepsLetters = true
    var pipeline = try Pipeline(plan, StreamNames(paths), isLive: false, options: options)
    var summary = ReplaySummary(plan)
    var result = Result()
    while !pipeline.hasEnded {
      let round = pipeline.runRound()
      result.metrics += round.engine.metricRecords
      result.alerts += round.engine.alerts
      result.letters += round.letters
      summary.insert(round.engine)
    }
    let last = pipeline.finish()
    result.metrics += last.engine.metricRecords
    result.alerts += last.engine.alerts
    result.letters += last.letters
    summary.insert(last.engine)
    result.tally = pipeline.tally
    result.failures = pipeline.failures
    let notes = summary.notes(
      pipeline.engine,
      unprofiledFields: pipeline.unprofiledFields,
      tally: pipeline.tally,
      failures: pipeline.failures
    )
    result.summary = summary.text(pipeline.tally, pipeline.engine, notes: notes)
    return result
  }
}

extension EngineOutput {
  /// The metric records of everything measured, one a line.
  var metricRecords: [UInt8] {
    var json = JSONWriter()
    for view in measured { view.write(to: &json) }
    return json.bytes
  }
}
