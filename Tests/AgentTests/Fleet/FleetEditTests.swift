import Ingest
import Records
import Sketches
import TestSupport
import Testing

@testable import Agent
@testable import Monitoring

/// Entries of a fleet's topic whose checksum is right, and whose content is not: whoever may write
/// there may write that.
@Suite struct FleetEditTests {
  private let fleet: FleetVerdictTests
  private let reports: [StreamReport]

  init() throws {
    let fleet = try FleetVerdictTests()
    self.fleet = fleet
    let log = FleetVerdictTests.Log()
    reports = try (0..<FleetVerdictTests.count).compactMap { index in
      let member = try FleetEditTests.reader(index, fleet, log)
      member.source.limit = 700
      while member.counter.isReadable { member.counter.round.run() }
      return member.counter.report(FleetEditTests.early, keeps: true)
    }
  }

  /// A time at which not all panes are over.
  private static let early = AgentTime(monotonic: 1, wall: 0)

  private static func reader(
    _ index: Int,
    _ fleet: FleetVerdictTests,
    _ log: FleetVerdictTests.Log
  ) throws -> FleetVerdictTests.Member {
    try fleet.member(index, generation: 1, log)
  }

  private static func bytes(_ entry: FleetEntry) -> [UInt8] {
    var writer = ByteWriter()
    entry.encode(into: &writer)
    return writer.bytes
  }

  private static func edited(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var edited = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<edited.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: edited.remove(at: place)
      case 1: edited.insert(.random(in: 0...255, using: &random), at: place)
      case 2: edited[place] = [0, 1, 127, 128, 255].randomElement(using: &random) ?? 0
      default: edited[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
      }
    }
    return edited
  }

  /// What a verdict and a successor make of an entry; whether it was taken.
  private func take(_ entry: FleetEntry) -> Bool {
    var verdict = FleetVerdict(fleet.sample.plan, fleet.options)
    verdict.expect((0..<FleetVerdictTests.count).map(FleetVerdictTests.name))
    do {
      switch entry {
      case .report(let report):
        try verdict.take(report, now: 1)
        if let kept = report.kept {
          let other = try FleetEditTests.reader(0, fleet, FleetVerdictTests.Log())
          try other.counter.resume(kept)
          other.source.limit = 900
          while other.counter.isReadable { other.counter.round.run() }
          _ = other.counter.report(fleet.now, keeps: true)
        }
      case .verdict(let state): _ = try verdict.resume(state, now: 1)
      }
      for report in reports { try verdict.take(report, now: 1) }
      repeat { _ = verdict.judge(fleet.now) } while verdict.hasBacklog
      return FleetEditTests.bytes(.verdict(verdict.state(number: 2))).isEmpty == false
    } catch {
      return false
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `what is edited is taken or refused, and nothing worse`(seed: UInt64) throws {
    var verdict = FleetVerdict(fleet.sample.plan, fleet.options)
    verdict.expect((0..<FleetVerdictTests.count).map(FleetVerdictTests.name))
    for report in reports { try verdict.take(report, now: 1) }
    repeat { _ = verdict.judge(FleetEditTests.early) } while verdict.hasBacklog
    let entries = reports.map(FleetEntry.report) + [.verdict(verdict.state(number: 1))]
    #expect(entries.allSatisfy(take))
    var random = SeededGenerator(seed: seed)
    var (taken, refused) = (0, 0)
    for _ in 0..<Self.rounds {
      let good = FleetEditTests.bytes(entries.randomElement(using: &random) ?? entries[0])
      var reader = ByteReader(FleetEditTests.edited(good, &random))
      guard let entry = try? FleetEntry(from: &reader), (try? reader.finish()) != nil, take(entry)
      else {
        refused += 1
        continue
      }
      taken += 1
    }
    #expect(taken > 0 && refused > taken)
  }

  private static let rounds = 60
}
