import Testing

/// The numbers of `fixtures/golden/statistics/quality.csv`, and the data that they are of.
enum GoldenQuality {
  /// A number by its name.
  static func number(_ name: String) throws -> Double {
    let line = try goldenLines("quality.csv").first { $0.hasPrefix("\(name),") }
    return try #require(line.flatMap { Double($0.dropFirst(name.count + 1)) })
  }

  /// `frac(step · t)` for t = 1 … count.
  static func fractions(_ step: Double, _ count: Int) -> [Double] {
    (1...count).map { step * Double($0) - (step * Double($0)).rounded(.down) }
  }

  static let golden = 0.6180339887498949
  static let plastic = 0.7548776662466927
  static let third = 0.5698402909980532

  /// Whether a number is the golden one of a name, within 1e-12 of it.
  static func expect(_ value: Double?, _ name: String) throws {
    let (value, expected) = (try #require(value), try number(name))
    #expect(relativeError(value, expected) < 1e-12, "\(name): \(value), not \(expected)")
  }
}
