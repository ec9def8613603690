import Standing
import TestSupport
import Testing

@testable import Terminal

/// A snapshot and its file are the same, and no file can do harm.
@Suite struct SnapshotTests {
  @Test(arguments: UInt64(1)...UInt64(20))
  func `what is written reads back as the same`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let snapshot = SampleSnapshot.random(&random)
    #expect(try Snapshot(decoding: snapshot.bytes) == snapshot, "seed \(seed)")
    #expect(snapshot.bytes == snapshot.bytes)
  }

  @Test func `a file that ends early is refused, wherever it ends`() throws {
    let bytes = SampleSnapshot.drifting.bytes
    for length in Array(stride(from: 0, to: bytes.count, by: 13)) + [bytes.count - 1] {
      #expect(throws: SnapshotError.self, "\(length) bytes") {
        try Snapshot(decoding: Array(bytes[..<length]))
      }
    }
  }

  @Test(arguments: UInt64(1)...UInt64(8))
  func `whatever bytes are changed, reading and drawing come to an end`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let bytes = SampleSnapshot.drifting.bytes
    var read = 0
    for _ in 0..<150 {
      var broken = bytes
      for _ in 0...Int(random.next() % 4) {
        let place = Int(random.next() % UInt64(broken.count))
        switch random.next() % 4 {
        case 0: broken.remove(at: place)
        case 1: broken.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        case 2: broken[place] = UInt8(ascii: "9")
        default: broken[place] = UInt8(truncatingIfNeeded: random.next())
        }
      }
      guard let snapshot = try? Snapshot(decoding: broken) else { continue }
      read += 1
      var state = ScreenState()
      for key in [Key.down, .enter, .down] {
        let lines = Screen(snapshot, state, .following, columns: 80, rows: 24).lines
        #expect(lines.allSatisfy { $0.columns <= 80 }, "seed \(seed)")
        state.press(key, snapshot)
      }
    }
    // Most changes are within texts and digits, so that the property is not empty.
    #expect(read > 0, "seed \(seed)")
  }

  @Test func `numbers of any size are drawn`() {
    for number: Double in [
      0, -0.0, 1e300, -1e300, .leastNonzeroMagnitude, .infinity, -.infinity, .nan, 1e18, 9.3e18,
    ] {
      #expect(!Figures.index(number).isEmpty)
      #expect(!Figures.share(number).isEmpty)
      #expect(!Figures.change(number).isEmpty)
      #expect(!Figures.seconds(number).isEmpty)
      #expect(Figures.bar(number, 5).count == 5)
    }
    #expect(!Figures.count(.max).isEmpty)
    #expect(!Figures.period(.min, .max).isEmpty)
  }

  @Test(arguments: [
    ("", SnapshotError.notASnapshot), ("{}\n", .notASnapshot), ("\u{0}\u{1}", .notASnapshot),
    ("{\"type\":\"metric\"}\n", .notASnapshot), ("{\"type\":\"snapshot\"}\n", .record(line: 1)),
    ("{\"type\":\"snapshot\",\"format\":1}\n", .format(1)),
    ("{\"type\":\"snapshot\",\"format\":2,\"records\":0}\n", .format(2)),
    ("{\"type\":\"snapshot\",\"format\":3,\"records\":0}\n", .record(line: 1)),
  ])
  func `what is no snapshot is told by name`(text: String, expected: SnapshotError) {
    #expect(throws: expected) { try Snapshot(decoding: Array(text.utf8)) }
  }

  @Test func `a record that lacks a member is named by its line`() throws {
    let text = String(decoding: SampleSnapshot.drifting.bytes, as: UTF8.self)
    let broken = text.replacing("\"tolerance\"", with: "\"tolerated\"", maxReplacements: 1)
    let line = broken.split(separator: "\n").firstIndex { $0.contains("tolerated") }
    let number = try #require(line) + 1
    #expect(throws: SnapshotError.record(line: number)) {
      try Snapshot(decoding: Array(broken.utf8))
    }
  }
}
