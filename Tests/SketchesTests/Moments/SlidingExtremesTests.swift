import Sketches
import Testing
import TestSupport

@Suite struct SlidingExtremesTests {
  @Test(arguments: Sample.all)
  func `every window that ends now has its extremes`(sample: Sample) {
    var generator = SeededGenerator(seed: sample.seed)
    let values = sample.values(400)
    var sliding = SlidingExtremes()
    var panes: [Int: Extremes] = [:]
    var pane = -50
    for start in stride(from: 0, to: values.count, by: 4) {
      pane += 1 + Int(generator.next() % 3)
      let isEmpty = generator.next() % 8 == 0
      let extremes = isEmpty ? Extremes() : Extremes(Array(values[start..<start + 4]))
      sliding.close(pane, extremes)
      panes[pane] = extremes
      let kept = pane - 60
      sliding.drop(before: kept)
      for length in [1, 2, 5, 30, 61] {
        let first = pane - length + 1
        var expected = Extremes()
        for (index, part) in panes where index >= first { expected.merge(part) }
        #expect(sliding.query(from: first, through: pane) == expected, "\(sample) \(length)")
        #expect(sliding.query(from: first, through: pane + 3) == expected, "\(sample) \(length)")
      }
    }
    #expect(sliding.query(from: pane + 1, through: pane + 1).isEmpty)
  }

  @Test func `decoding gives back the staircases`() throws {
    var sliding = SlidingExtremes()
    #expect(try SlidingExtremes(decoding: sliding.encoded()) == sliding)
    for (pane, value) in Distribution.normal.sample(100, seed: 1).enumerated() {
      sliding.close(pane, Extremes([value]))
    }
    let bytes = sliding.encoded()
    #expect(try SlidingExtremes(decoding: bytes) == sliding)
    for length in 0..<bytes.count {
      #expect(throws: CodingError.self) {
        try SlidingExtremes(decoding: Array(bytes[..<length]))
      }
    }
  }

  @Test func `a pane closed twice is the fault of the caller`() async {
    await #expect(processExitsWith: .failure) {
      var sliding = SlidingExtremes()
      sliding.close(3, Extremes())
      sliding.close(3, Extremes())
    }
  }
}
