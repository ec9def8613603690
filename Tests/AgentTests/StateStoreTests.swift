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
    try StateStore(folder: folder).save([state])
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
      #expect(loaded.states.encoded() == [state].encoded(), "round \(round)")
    }
  }

  @Test func `who removes the state begins anew`() throws {
    try FileManager.default.removeItem(at: url("state"))
    #expect(try StateStore(folder: folder).load() == nil)
    let report = try StateReport(folder: folder)
    #expect(!report.isWhole && report.json.contains("\"removed\":true"))
    #expect(report.text.contains("state: not there: a process begins anew"))
  }

  @Test func `where both are damaged the first is named`() throws {
    for name in ["state", "state.copy"] { try Data("leewayS\n?".utf8).write(to: url(name)) }
    let error = #expect(throws: StateError.self) { _ = try StateStore(folder: folder).load() }
    #expect(error == .damaged(path: folder + "/state"))
  }
}
