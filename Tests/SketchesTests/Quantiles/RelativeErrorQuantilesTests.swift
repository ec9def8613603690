import Sketches
import Testing

@Suite struct RelativeErrorQuantilesTests {
  @Test(arguments: Sample.all)
  func `subtracting takes back what was merged`(sample: Sample) {
    let (first, second) = (sample.values(500), sample.values(900).map { $0 * 1e3 })
    var sketch = RelativeErrorQuantiles(first)
    sketch.merge(RelativeErrorQuantiles(second))
    sketch.subtract(RelativeErrorQuantiles(second))
    #expect(sketch == RelativeErrorQuantiles(first))
    #expect(sketch.encoded() == RelativeErrorQuantiles(first).encoded())
  }

  @Test func `magnitudes out of range count as zero and as the greatest`() {
    let sketch = RelativeErrorQuantiles([.leastNonzeroMagnitude, -1e-30, 0, 1e300, -1e300])
    #expect(sketch.count == 5)
    #expect(sketch.quantile(0.5) == 0)
    #expect(abs((sketch.quantile(1) ?? 0) / 0x1p64 - 1) < 0.02)
    #expect(sketch.quantile(0) == sketch.quantile(1).map { -$0 })
  }

  @Test(arguments: [0, 2.5, -2.5])
  func `values that were never added cannot be taken away`(value: Double) async {
    await #expect(processExitsWith: .failure) { [value] in
      var sketch = RelativeErrorQuantiles([1])
      sketch.subtract(RelativeErrorQuantiles([value]))
    }
  }

  @Test func `NaN counts as zero`() {
    #expect(RelativeErrorQuantiles([.nan]).quantile(1) == 0)
  }

  @Test func `the bounds of every bucket are within the error`() {
    for exponent in -64..<64 {
      for step in 0..<64 {
        let low = Double(sign: .plus, exponent: exponent, significand: 1 + Double(step) / 64)
        for value in [
          low, (low + Double(sign: .plus, exponent: exponent - 6, significand: 1)).nextDown,
        ] {
          let estimate = RelativeErrorQuantiles([value]).quantile(0.5) ?? 0
          #expect(abs(estimate - value) <= RelativeErrorQuantiles.relativeError * value, "\(value)")
        }
      }
    }
  }
}
