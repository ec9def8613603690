import Testing

@testable import Statistics

/// Realised quality of two public data sets against scikit-learn.
@Suite(.enabled(if: PeerData.folder != nil)) struct PeerPerformanceTests {
  @Test(arguments: PeerData.streams)
  func `all measures are scikit-learn's, chunk by chunk`(name: String, size: Int) throws {
    var compared = 0
    let rows = try PeerData.table("sklearn_performance.csv").filter {
      $0["dataset"] == name && $0["chunking"] == "size\(size)"
    }
    for split in ["reference", "analysis"] {
      let predictions = try PeerData.Predictions(name, split)
      for row in rows where row["split"]?.hasPrefix(split) ?? false {
        let chunk = try #require(row["chunk_index"].flatMap { Int($0) })
        let realised = predictions.chunk(chunk, of: size).realised
        let at: Comment = "\(name) \(split) \(chunk)"
        func expect(_ value: Double?, _ column: String) throws {
          guard let golden = row[column].flatMap({ Double($0) }) else {
            #expect(value == nil, "\(at) \(column): scikit-learn has no value")
            return
          }
          let value = try #require(value, "\(at) \(column)")
          #expect(abs(value - golden) <= 1e-10, "\(at) \(column): \(value), not \(golden)")
          compared += 1
        }
        let counts = realised.confusion
        try expect(Double(counts.truePositives), "tp")
        try expect(Double(counts.falsePositives), "fp")
        try expect(Double(counts.falseNegatives), "fn")
        try expect(Double(counts.trueNegatives), "tn")
        for measure in BinaryMeasure.allCases where measure != .ece {
          try expect(realised[measure].value, measure.rawValue)
        }
        try expect(realised[.ece].value, "ece10_left_closed")
        try expect(realised.table.precision(top: 100).value, "precision_at_100_tie_expected")
        try expect(
          realised.table.precision(topShare: 0.1).value,
          "precision_at_10pct_tie_expected"
        )
      }
    }
    #expect(compared > 250, "\(compared)")
  }
}
