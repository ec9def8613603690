import Events
import Foundation
import Sketches
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring

/// The state folder, as a disk may leave it.
@Suite struct StateStoreTests {
  private let folder: String
  private let state: MonitorState

  init() throws {
    let sample = try SampleStream()
    folder = sample.folder.appending(path: "state").path
    let path = try sample.write(Array(sample.lines.prefix(600)), as: "stream")
    var pipeline = try Pipeline(
      sample.plan,
      StreamNames([path]),
      isLive: false,
      options: PipelineOptions()
    )
    while !pipeline.hasEnded { _ = pipeline.runRound() }
    let owner = StateOwner(sample.plan.monitor)
    state = MonitorState(owner: owner, pipeline: pipeline.state, pending: nil)
    try StateStore(folder: folder).save(AgentState(monitors: [state]))
  }

  private func url(_ name: String) -> URL { URL(filePath: "\(folder)/\(name)") }

  @Test(arguments: [("state", true), ("state.copy", false)])
  func `a file that is cut or flipped at 1,000 places leaves the other`(
    name: String,
    isTold: Bool
  ) throws {
    let store = try StateStore(folder: folder)
    let good = try Data(contentsOf: url(name))
    var random = SeededGenerator(seed: 7)
    for round in 0..<1_000 {
      var damaged = good
      let place = Int.random(in: 0..<good.count, using: &random)
      if round.isMultiple(of: 2) {
        damaged = damaged.prefix(place)
      } else {
        damaged[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
      }
      try damaged.write(to: url(name))
      let loaded = try #require(try store.load(), "round \(round)")
      #expect((loaded.note != nil) == isTold, "round \(round)")
      #expect(loaded.state.encoded() == AgentState(monitors: [state]).encoded(), "round \(round)")
    }
  }

  /// A content as it was written in a format.
  private func write(_ content: [UInt8], format: UInt64) throws {
    var writer = ByteWriter()
    writer.write(raw: Array("leewayS\n".utf8))
    writer.write(varint: format)
    writer.write(fixed64: UInt64(content.count))
    writer.write(raw: content)
    writer.write(fixed64: StableHash.hash(content.span))
    for name in ["state", "state.copy"] { try Data(writer.bytes).write(to: url(name)) }
  }

  @Test(arguments: [11, 12])
  func `a state of a format before is read, and written in the one of today`(
    format: UInt64
  ) throws {
    var writer = ByteWriter()
    writer.write([state])
    // Without alerts of the agent itself.
    if format == 12 { writer.write(varint: 0) }
    try write(writer.bytes, format: format)
    let store = try StateStore(folder: folder)
    let loaded = try #require(try store.load())
    #expect(loaded.note == nil)
    #expect(loaded.state.monitors.encoded() == [state].encoded() && loaded.state.alerts == [])
    #expect(loaded.state.outbox == nil)
    try store.save(loaded.state)
    #expect(try StateReport(folder: folder).json.contains("\"format\":13"))
    let written = try Data(contentsOf: url("state"))
    #expect(written[8] == 13)
  }

  @Test func `a state of a later format is refused with what to do`() throws {
    try write([], format: 14)
    let error = #expect(throws: StateError.self) { _ = try StateStore(folder: folder).load() }
    #expect(error == .otherVersion(path: folder + "/state", 14))
    #expect(error?.description.contains("reads the formats 11 to 13") == true)
  }

  @Test func `who removes the state begins anew`() throws {
    try FileManager.default.removeItem(at: url("state"))
    #expect(try StateStore(folder: folder).load() == nil)
    let report = try StateReport(folder: folder)
    #expect(!report.isWhole && report.json.contains("\"removed\":true"))
    #expect(report.text.contains("state: not there: a process begins anew"))
    #expect(report.json.contains("\"alerts\":[]") && !report.text.contains("alerts"))
  }

  @Test func `where both are damaged the first is named`() throws {
    for name in ["state", "state.copy"] { try Data("leewayS\n?".utf8).write(to: url(name)) }
    let error = #expect(throws: StateError.self) { _ = try StateStore(folder: folder).load() }
    #expect(error == .damaged(path: folder + "/state"))
  }
}
