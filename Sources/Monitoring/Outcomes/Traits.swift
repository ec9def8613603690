internal import Sketches
internal import Specification
internal import Statistics

/// The features of rows that are held against the outcome by themselves, in single precision: they are
/// only ranked.
extension ByteWriter {
  /// Writes features, as many for each row.
  mutating func write(traits: [Float]) {
    write(varint: UInt64(traits.count))
    for trait in traits { write(varint: UInt64(trait.bitPattern)) }
  }
}

extension ByteReader {
  /// Reads features, as many for each of some rows.
  mutating func readTraits(of rows: Int) throws(CodingError) -> [Float] {
    let start = offset
    let limit = rows * QualitySpecification.leakageLimit
    let count = try readCount(limit: limit)
    guard count == 0 || rows > 0 && count % rows == 0 else { throw .invalid(offset: start) }
    var traits: [Float] = []
    traits.reserveCapacity(min(count, remaining))
    for _ in 0..<count {
      guard let bits = UInt32(exactly: try readVarint()) else { throw .invalid(offset: start) }
      traits.append(Float(bitPattern: bits))
    }
    return traits
  }
}

extension QualityWindow {
  /// The features that are kept of a payload: none of a row without one.
  func traits(at place: Int) -> [Float] {
    guard place >= 0, !payloads.isEmpty else { return [] }
    let width = traits.count / payloads.count
    return Array(traits[place * width..<(place + 1) * width])
  }

  /// The outcomes that are known at each value of a feature.
  ///
  /// - Parameters:
  ///   - place: The feature's place in the list.
  ///   - width: How many there are.
  /// - Returns: `nil` where its values were not kept.
  /// - Complexity: O(rows log rows).
  func outcomes(ofTrait place: Int, _ width: Int) -> BinaryOutcomes? {
    guard !traits.isEmpty, traits.count == width * payloads.count else { return nil }
    var (values, outcomes): ([Double], [Bool]) = ([], [])
    for row in rows where row.isLabelled && row.prediction.payload >= 0 {
      let value = traits[Int(row.prediction.payload) * width + place]
      guard value.isFinite else { continue }
      values.append(Double(value))
      outcomes.append(row.label == 1)
    }
    let table = ScoreTable(scores: values, outcomes: outcomes)
    let counts = ConfusionCounts(
      truePositives: Int(table.positiveCount),
      trueNegatives: Int(table.negativeCount)
    )
    return BinaryOutcomes(confusion: counts, table: table)
  }
}
