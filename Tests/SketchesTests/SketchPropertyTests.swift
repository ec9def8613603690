import Sketches
import Testing
import TestSupport

/// The promises that every sketch makes, tried on each of them.
@Suite struct SketchPropertyTests {
  @Test(arguments: propertySketches)
  func `an empty sketch says that it is empty`(type: any PropertySketch.Type) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      let empty = Sketch()
      #expect(empty.violation(for: []) == nil)
      #expect(empty.knownCount ?? 0 == 0)
      #expect(empty == Sketch([]))
    }
    check(type)
  }

  @Test(arguments: propertySketches)
  func `one value, and one value many times`(type: any PropertySketch.Type) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      for value in [0.0, -0.0, 1, -3.5, 0.1, 123_456.789] {
        #expect(Sketch([value]).violation(for: [value + 0.0]) == nil, "\(type) \(value)")
        let many = [Double](repeating: value, count: 1_000)
        #expect(Sketch(many).violation(for: many.map { $0 + 0.0 }) == nil, "\(type) \(value)")
      }
      #expect(Sketch([-0.0]) == Sketch([0.0]), "\(type): −0 is not 0")
    }
    check(type)
  }

  @Test(arguments: propertySketches, Sample.all)
  func `the guarantee holds`(type: any PropertySketch.Type, sample: Sample) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      for count in [2, 17, 300, 3_000] {
        let values = sample.values(count)
        let violation = Sketch(values).violation(for: values.sorted())
        #expect(violation == nil, "\(type) \(sample), \(count) values")
      }
    }
    check(type)
  }

  @Test(arguments: propertySketches, Sample.all)
  func `order does not matter`(type: any PropertySketch.Type, sample: Sample) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      let values = sample.values(1_500)
      let sketch = Sketch(values)
      var generator = SeededGenerator(seed: sample.seed)
      let orders = [values.sorted(), values.sorted(by: >), values.shuffled(using: &generator)]
      for order in orders {
        #expect(Sketch(order) == sketch, "\(type) \(sample)")
        #expect(Sketch(order).encoded() == sketch.encoded(), "\(type) \(sample)")
      }
    }
    check(type)
  }

  @Test(arguments: propertySketches, Sample.all)
  func `merging is the same as inserting, wherever the split`(
    type: any PropertySketch.Type,
    sample: Sample
  ) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      let values = sample.values(1_000)
      let whole = Sketch(values)
      var generator = SeededGenerator(seed: sample.seed)
      for _ in 0..<6 {
        let split = Int.random(in: 0...values.count, using: &generator)
        let (left, right) = (Sketch(Array(values[..<split])), Sketch(Array(values[split...])))
        var (merged, swapped) = (left, right)
        merged.merge(right)
        swapped.merge(left)
        #expect(merged == whole, "\(type) \(sample), split at \(split)")
        #expect(swapped == whole, "\(type) \(sample), split at \(split)")
      }
    }
    check(type)
  }

  @Test(arguments: propertySketches)
  func `merging an empty sketch changes nothing`(type: any PropertySketch.Type) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      let sketch = Sketch(Distribution.lognormal.sample(500, seed: 4))
      var (left, right) = (sketch, Sketch())
      left.merge(Sketch())
      right.merge(sketch)
      #expect(left == sketch)
      #expect(right == sketch)
    }
    check(type)
  }

  @Test(arguments: propertySketches)
  func `merging is associative`(type: any PropertySketch.Type) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      let parts = [Distribution.normal, .heavyTails, .integers].map {
        Sketch($0.sample(400, seed: 5))
      }
      var left = parts[0]
      left.merge(parts[1])
      left.merge(parts[2])
      var tail = parts[1]
      tail.merge(parts[2])
      var right = parts[0]
      right.merge(tail)
      #expect(left == right)
    }
    check(type)
  }

  @Test(arguments: propertySketches, Sample.all)
  func `decoding gives back what was encoded`(type: any PropertySketch.Type, sample: Sample) throws
  {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) throws {
      for count in [0, 1, 40, 1_500] {
        let sketch = Sketch(sample.values(count))
        let bytes = sketch.encoded()
        let decoded = try Sketch(decoding: bytes)
        #expect(decoded == sketch, "\(type) \(sample), \(count) values")
        #expect(decoded.encoded() == bytes, "\(type) \(sample), \(count) values")
        #expect(bytes.count <= Sketch.encodedBytesMax, "\(type) takes \(bytes.count) bytes")
      }
    }
    try check(type)
  }

  @Test(arguments: propertySketches)
  func `truncated bytes are refused`(type: any PropertySketch.Type) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      let bytes = Sketch(Distribution.lognormal.sample(60, seed: 6)).encoded()
      for length in 0..<bytes.count {
        #expect(throws: CodingError.self, "\(type), \(length) of \(bytes.count) bytes") {
          try Sketch(decoding: Array(bytes[..<length]))
        }
      }
      let trailing = CodingError.trailingBytes(offset: bytes.count)
      #expect(throws: trailing) { try Sketch(decoding: bytes + [0]) }
    }
    check(type)
  }

  @Test(arguments: propertySketches)
  func `damaged bytes are refused or read as a sound sketch, and never trap`(
    type: any PropertySketch.Type
  ) {
    func check<Sketch: PropertySketch>(_ type: Sketch.Type) {
      var generator = SeededGenerator(seed: 7)
      let values = Distribution.lognormal.sample(300, seed: 8)
      for size in [0, 1, 10, 300] {
        let bytes = Sketch(Array(values[..<size])).encoded()
        for _ in 0..<600 {
          var damaged = bytes
          for _ in 0...Int(generator.next() % 3) {
            let position = Int(generator.next() % UInt64(damaged.count))
            let isFlip = generator.next() % 2 == 0
            let change = UInt8(truncatingIfNeeded: generator.next())
            damaged[position] = isFlip ? damaged[position] ^ (1 << (change & 7)) : change
          }
          guard let decoded = try? Sketch(decoding: damaged) else { continue }
          // What was accepted has to bear use: it merges, answers, and encodes again.
          var merged = decoded
          merged.merge(decoded)
          _ = merged.violation(for: [1])
          let again = try? Sketch(decoding: decoded.encoded())
          #expect(again == decoded, "\(type)")
        }
      }
    }
    check(type)
  }
}
