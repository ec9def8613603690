import Connectors
import Foundation
import Ingest
import Monitoring
import Specification
import Testing
import YAML

@testable import Agent

/// What a session is made of, and what it says when it cannot begin.
@Suite struct SessionTests {
  private let sample: SampleStream
  private let profile: String

  init() throws {
    sample = try SampleStream()
    profile = sample.folder.appending(path: "profile").path
    try Data(sample.plan.profile.encoded()).write(to: URL(filePath: profile))
  }

  /// Writes a monitor beside the profile and reads it.
  private func load(_ text: String = SampleStream.monitorText) throws -> LoadedMonitor {
    let path = try sample.write([text], as: "monitor.yaml")
    return try LoadedMonitor(path: path, environment: [:])
  }

  /// The error of work that must fail.
  private func error(_ work: () throws -> Void) throws -> SessionError {
    try #require(throws: SessionError.self) { try work() }
  }

  @Test func `a monitor that is not there is named with the system's reason`() throws {
    let path = sample.folder.appending(path: "absent.yaml").path
    let error = try error { _ = try LoadedMonitor(path: path, environment: [:]) }
    #expect(error == .stream(.cannotOpen(path: path, errno: 2)))
    #expect(error.words == ["\(path): cannot open: No such file or directory"])
    #expect(error.exitCode == 1)
  }

  @Test func `a refused monitor gives what was found, a finding each`() throws {
    let error = try error { _ = try load("model: 3\nwindow: 1h\n") }
    guard case .refusedMonitor(let diagnostics) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(diagnostics.contains { $0.severity == .error })
    #expect(error.words == diagnostics.map(\.description))
    #expect(error.words.contains { $0.contains("monitor.yaml:2:1") })
    #expect(error.exitCode == 1)
  }

  @Test func `what is probably not meant in an accepted monitor is told as values`() throws {
    #expect(try load().warnings.isEmpty)
    let loaded = try load(SampleStream.monitorText.replacing("for: 30m", with: "for: 1m"))
    #expect(loaded.monitor.rules.count == 1)
    #expect(loaded.warnings.map(\.severity) == [.warning])
    #expect(loaded.warnings[0].description.contains("for is shorter than the window's slide"))
  }

  @Test func `a variable of the environment is put in`() throws {
    let path = try sample.write(
      [SampleStream.monitorText.replacing("model: sample", with: "model: ${MODEL}")],
      as: "variable.yaml"
    )
    let loaded = try LoadedMonitor(path: path, environment: ["MODEL": "named"])
    #expect(loaded.monitor.model == "named")
  }

  @Test func `without a profile one is asked for, which is wrong usage`() throws {
    let error = try error { _ = try load().plan(profile: nil, wantsMetrics: false) }
    #expect(error.isUsage && error.exitCode == 64)
    #expect(error.words.count == 1)
    let words =
      "no profile, which events.prediction.segments and rule Moved (drift(*)) need: give --profile, "
      + "or `reference: {profile: FILE}` in the monitor"
    #expect(error.words[0].hasSuffix(words), "\(error.words)")
  }

  @Test func `a profile that the monitor names is beside it`() throws {
    let naming = SampleStream.monitorText + "\nreference: {profile: profile}\n"
    let plan = try load(naming).plan(profile: nil, wantsMetrics: true)
    #expect(plan.profile.contentHash == sample.plan.profile.contentHash)
  }

  @Test func `a profile that is none is named`() throws {
    let loaded = try load()
    let error = try error { _ = try loaded.plan(profile: loaded.path, wantsMetrics: false) }
    #expect(error == .unreadableProfile(path: loaded.path, .notAProfile))
    #expect(error.words == ["\(loaded.path): not a profile: `leeway profile` writes them"])
    #expect(error.exitCode == 1)
    let absent = try self.error { _ = try loaded.plan(profile: "absent", wantsMetrics: false) }
    #expect(absent == .stream(.cannotOpen(path: "absent", errno: 2)))
  }

  @Test func `a monitor and a profile that do not fit are named in every line`() throws {
    let loaded = try load(SampleStream.monitorText.replacing("sample", with: "other"))
    let error = try error { _ = try loaded.plan(profile: profile, wantsMetrics: false) }
    guard case .mismatch(loaded.path, profile, let mismatch) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(mismatch.problems.contains(.otherModel(monitor: "other", profile: "sample")))
    #expect(error.words.count == mismatch.problems.count)
    #expect(error.words.allSatisfy { $0.hasPrefix("\(loaded.path), \(profile): ") })
    #expect(error.exitCode == 1)
  }

  @Test(arguments: [
    (Session.Kind.run, ": run one, or use windows of time."),
    (.replay, ": replay one, or use windows of time."),
    (.top, "."),
  ])
  func `windows of events take one stream`(kind: Session.Kind, advice: String) throws {
    let counting = """
      model: sample
      events: {prediction: {when: kind == "p", time: ts, score: score}}
      windows: {chunk: {events: 100}}
      """
    let plan = try load(counting).plan(profile: profile, wantsMetrics: false)
    let path = try sample.write(sample.lines, as: "stream")
    let error = try error {
      _ = try Session(plan, Session.Request(kind, streams: [path, path]))
    }
    #expect(error == .manyStreams(2, kind))
    #expect(error.words == ["windows of events need one stream, got 2" + advice])
    #expect(error.exitCode == 64)
    _ = try Session(plan, Session.Request(kind, streams: [path]))
  }

  @Test func `a stream or an output that cannot be opened is named`() throws {
    let path = try sample.write(sample.lines, as: "stream")
    let absent = path + ".absent"
    let first = try error {
      _ = try Session(sample.plan, Session.Request(.replay, streams: [path, absent]))
    }
    #expect(first == .stream(.cannotOpen(path: absent, errno: 2)))
    let inside = sample.folder.appending(path: "no/alerts").path
    let second = try error {
      let outputs = OutputPaths([.alerts: inside])
      _ = try Session(sample.plan, Session.Request(.replay, streams: [path], outputs: outputs))
    }
    #expect(second == .stream(.cannotOpen(path: inside, errno: 2)))
    #expect(second.exitCode == 1)
  }
}
