import Connectors
import Foundation
import Ingest
import Monitoring
import Standing
import Testing

@testable import Agent

/// The file that `run` keeps up to date and `top` follows.
@Suite struct SnapshotFileTests {
  private let sample: SampleStream
  private let path: String

  init() throws {
    sample = try SampleStream()
    path = sample.folder.appending(path: "snapshot").path
  }

  /// Reads all, then posts to the path.
  private func post(to path: String, hasEnded: Bool) throws {
    let stream = try sample.write(sample.lines, as: "stream")
    var options = PipelineOptions()
    options.keepsNewest = true
    var pipeline = try Pipeline(sample.plan, StreamNames([stream]), isLive: false, options: options)
    var board = SnapshotBoard(path: path)
    while !pipeline.hasEnded { board.insert(pipeline.runRound().engine) }
    board.insert(pipeline.finish().engine)
    try board.post(pipeline, hasEnded: hasEnded)
  }

  @Test func `what is posted is read, and nothing is left beside it`() throws {
    var file = SnapshotFile(path: path)
    file.look()
    #expect(!file.isThere && file.snapshot == nil && file.error == nil)
    try post(to: path, hasEnded: false)
    file.look()
    let snapshot = try #require(file.snapshot)
    #expect(file.isThere && file.error == nil && !file.isStale)
    #expect(snapshot.model == "sample" && !snapshot.hasEnded)
    #expect(snapshot.reference == sample.plan.profile.contentHash)
    #expect(snapshot.events == sample.good)
    #expect(snapshot.refused == sample.refused)
    try post(to: path, hasEnded: true)
    file.look()
    #expect(file.snapshot?.hasEnded == true)
    #expect(!FileManager.default.fileExists(atPath: path + ".part"))
  }

  @Test func `a file that is replaced by something else keeps the last picture`() throws {
    try post(to: path, hasEnded: false)
    var file = SnapshotFile(path: path)
    file.look()
    _ = try sample.write(["something else"], as: "snapshot")
    file.look()
    #expect(file.error == .notASnapshot)
    #expect(file.snapshot?.events == sample.good)
    try post(to: path, hasEnded: false)
    file.look()
    #expect(file.error == nil)
    var folder = SnapshotFile(path: sample.folder.path)
    folder.look()
    #expect(folder.isThere && folder.error == .notASnapshot)
  }

  @Test func `a file that nobody renews is stale after five seconds`() throws {
    try post(to: path, hasEnded: false)
    for (age, isStale) in [(3.0, false), (60, true)] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -age)],
        ofItemAtPath: path
      )
      var file = SnapshotFile(path: path)
      file.look()
      #expect(file.isStale == isStale)
      #expect(abs(Double(file.age) - age) <= 1)
    }
  }

  @Test func `a snapshot is due a second after the last one`() throws {
    let pipeline = try Pipeline(
      sample.plan,
      StreamNames([sample.write(sample.lines, as: "stream")]),
      isLive: false,
      options: PipelineOptions()
    )
    var board = SnapshotBoard(path: path)
    let before = monotonicNanoseconds()
    try board.post(pipeline, hasEnded: false)
    let after = monotonicNanoseconds()
    #expect(!board.isDue(now: before))
    #expect(board.isDue(now: after + 1_000_000_000))
    #expect((1...1000).contains(board.milliseconds(now: after)))
    #expect(board.milliseconds(now: after + 5_000_000_000) == 1)
  }

  @Test func `a snapshot that cannot be put in its place is named with the reason`() throws {
    let absent = sample.folder.appending(path: "no/snapshot").path
    #expect(throws: StreamError.cannotOpen(path: absent + ".part", errno: 2)) {
      try post(to: absent, hasEnded: false)
    }
    let folder = sample.folder.path
    #expect(throws: StreamError.cannotWrite(name: folder, errno: 21)) {
      try post(to: folder, hasEnded: false)
    }
  }
}
