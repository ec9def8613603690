import Connectors
import Foundation
import Ingest
import Monitoring
import Testing

@testable import Agent

/// What a session writes, and how it ends.
@Suite struct SessionEndTests {
  private let sample: SampleStream

  init() throws {
    sample = try SampleStream()
  }

  /// Drives a session to its end; answers with how it ends.
  private func end(
    of streams: [String],
    outputs: OutputPaths = OutputPaths(),
    failsOnAlert: Bool
  ) throws -> SessionError? {
    var options = PipelineOptions()
    options.keepsLetters = outputs.paths[.deadLetters] != nil
    var session = try Session(
      sample.plan,
      Session.Request(.replay, streams: streams, outputs: outputs, pipeline: options)
    )
    while !session.only.pipeline.hasEnded {
      let round = session.only.pipeline.runRound()
      try session.write(round)
    }
    let last = session.only.pipeline.finish()
    try session.write(last)
    try session.flush()
    do throws(SessionError) {
      try session.conclude(failsOnAlert: failsOnAlert)
      return nil
    } catch {
      return error
    }
  }

  @Test func `an alert that fired is told by the exit code only when that is asked for`() throws {
    let path = try sample.write(sample.lines, as: "stream")
    #expect(try end(of: [path], failsOnAlert: false) == nil)
    let error = try #require(try end(of: [path], failsOnAlert: true))
    #expect(error == .alertFired)
    #expect(error.exitCode == 1)
    #expect(error.words == ["an alert fired: with --fail-on-alert that is an exit code of 1"])
    let calm = try sample.write(sample.lines.prefix(1500), as: "calm")
    #expect(try end(of: [calm], failsOnAlert: true) == nil)
  }

  @Test func `a stream that broke ends the session with 1, after the others were read`() throws {
    let path = try sample.write(sample.lines, as: "stream")
    let letters = sample.folder.appending(path: "letters").path
    let error = try end(
      of: [path, sample.folder.path],
      outputs: OutputPaths([.deadLetters: letters]),
      failsOnAlert: true
    )
    #expect(error == .brokenStreams)
    #expect(error?.exitCode == 1)
    #expect(error?.words.isEmpty == true)
    let written = try String(contentsOfFile: letters, encoding: .utf8)
    #expect(written.split(separator: "\n").count == sample.refused)
  }

  @Test func `an output that takes nothing ends the session and is named`() throws {
    let path = try sample.write(sample.lines, as: "stream")
    let full = OutputPaths([.alerts: "/dev/full"])
    let error = try #require(throws: SessionError.self) {
      try end(of: [path], outputs: full, failsOnAlert: false)
    }
    #expect(error == .stream(.cannotWrite(name: "/dev/full", errno: 28)))
    #expect(error.words == ["/dev/full: cannot write: No space left on device"])
    #expect(error.exitCode == 1)
  }

  @Test func `streams that cannot be profiled say why, and end with 1`() {
    let streams = ["a", "b"]
    let cases: [(ProfilingError, String)] = [
      (.stream(.cannotOpen(path: "a", errno: 2)), "a: cannot open: No such file or directory"),
      (
        .readOnce(streams: streams),
        "a, b: same_hour and strata count the reference in a second pass, got a stream that can be "
          + "read once: give files"
      ),
      (
        .changed(streams: streams),
        "a, b: the streams changed between the two passes: profile files that are not written to"
      ),
      (.nothingCounted(streams: streams, StreamTally()), "a, b: the streams are empty"),
      (.profile(streams: streams, .noSignals), "a, b: \(ProfileError.noSignals)"),
    ]
    for (error, words) in cases {
      #expect(SessionError.profiling(error).words == [words])
      #expect(SessionError.profiling(error).exitCode == 1)
    }
  }
}
