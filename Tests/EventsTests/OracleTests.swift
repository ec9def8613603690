import Events
import Testing
import TestSupport

@Suite struct OracleTests {
  static let paths = [
    "a", "b", "amount", "\"a key of sixteen\"", "\"a key that is longer than sixteen bytes\"", "é",
    "o.a", "o.b", "o.\"\"", "o.o.a", "list", "o.list.amount", "list.0", "list.1",
    "list.1.amount", "list.2.0", "list.01", "o.0.list.1", "amount.0", "amount.2", "b.1", "a.0.0",
  ]

  /// Compares the decoding of one line with the oracle's.
  private func compare(
    _ line: [UInt8],
    _ decoder: inout EventDecoder,
    _ oracle: Oracle,
    _ comment: Comment
  ) {
    var stream = DecodedStream()
    stream.decode(line + [0x0A], with: &decoder, atStreamStart: false)
    guard line.contains(where: { ![0x20, 0x09, 0x0D].contains($0) }) else {
      #expect(stream.rows.isEmpty && stream.refused.isEmpty, comment)
      return
    }
    switch oracle.parse(line) {
    case .object:
      #expect(stream.rows.count == 1, comment)
      guard let row = stream.rows.first else {
        return
      }
      for (slot, value) in zip(decoder.schema.slots, row) {
        let expected = oracle.valueOrPart(slot.path)
        // The oracle reads -0 as an integer.
        let isZero = expected == .number(0.0) && value == .number(-0.0)
        #expect(isZero || value == expected, "\(comment) at \(slot.path)")
      }
    case .other: #expect(stream.reasons == [.notAnObject], comment)
    case .refused: #expect(stream.rows.isEmpty && stream.refused.count == 1, comment)
    case .encoding: #expect(stream.rows.isEmpty && stream.refused.count == 1, comment)
    case .depth: #expect(stream.reasons == [.nesting], comment)
    case .number:
      // The oracle refuses integers beyond 64 bits and doubles beyond the range, which are JSON.
      if !stream.rows.isEmpty {
        let digits = line.filter { (0x30...0x39).contains($0) }.count
        #expect(digits > 18 || line.contains(0x65) || line.contains(0x45), comment)
      }
    }
  }

  @Test(arguments: 1...20)
  func `generated and mutated lines are read as simdjson reads them`(seed: UInt64) throws {
    let slots = try OracleTests.paths.map {
      Schema.Slot(path: try FieldPath(parsing: $0), form: .value)
    }
    // With few keys remembered the slow paths are met as well.
    let limits = DecodingLimits(nesting: 1024, unknownKeys: seed % 2 == 0 ? 4096 : 2)
    var decoder = EventDecoder(schema: Schema(slots: slots), limits: limits)
    let oracle = try #require(Oracle(nesting: 1025))
    var generator = LineGenerator(seed: seed)
    for round in 0..<300 {
      let line = generator.line()
      let text = String(decoding: line, as: UTF8.self)
      compare(line, &decoder, oracle, "seed \(seed), round \(round): \(text)")
      for _ in 0..<5 {
        let broken = generator.mutated(line)
        let text = String(decoding: broken, as: UTF8.self)
        compare(broken, &decoder, oracle, "seed \(seed), round \(round), mutated: \(text)")
      }
    }
  }

  @Test(arguments: 1...10)
  func `any bytes are decoded without harm and the same in any batches`(seed: UInt64) throws {
    var generator = LineGenerator(seed: seed)
    var bytes: [UInt8] = []
    for _ in 0..<40 {
      let line = generator.line()
      bytes += generator.random.chance(0.5) ? line : generator.mutated(line)
      bytes += generator.random.pick([[0x0A], [0x0D, 0x0A], [0x0A, 0x0A], [0x20, 0x0A]])
    }
    for _ in 0..<generator.random.below(200) {
      let index = generator.random.below(bytes.count)
      bytes[index] = UInt8.random(in: 0...255, using: &generator.random)
    }
    bytes.removeLast(generator.random.below(20))
    let slots = try OracleTests.paths.flatMap {
      let path = try FieldPath(parsing: $0)
      return [Schema.Slot(path: path, form: .value), Schema.Slot(path: path, form: .token)]
    }
    let wildcard = try FieldPath(parsing: "o.*")
    let schema = Schema(slots: slots, wildcards: [wildcard])
    let whole = DecodedStream(bytes, schema)
    for capacity in [1, 2, 7] {
      let batched = DecodedStream(bytes, schema, rowCapacity: capacity, padding: 0x31)
      #expect(batched == whole, "seed \(seed), capacity \(capacity)")
    }
    #expect(
      whole.linesSeen == bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
        - (bytes.last == 0x0A ? 1 : 0)
    )
  }
}
