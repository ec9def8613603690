import Foundation
import TestSupport
import Testing

/// K3, K7, K8 and K23: values far beyond the usual ones, in the reference and in the stream.
@Suite struct ReportedOutlierTests {
  private static let monitor = """
    model: m
    reference: {profile: p}
    events: {prediction: {time: ts, features: [{field: amount, type: number}]}}
    windows: {main: {size: 1d, slide: 1d}}
    kpis: {turnover: sum(amount)}

    """

  /// Amounts about 80, as a shop has them.
  private static func amounts(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let sum = (0..<12).reduce(0.0) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 }
      return ((80 + 10 * (sum - 6)) * 100).rounded() / 100
    }
  }

  /// What is said of a day whose values are compared with a reference, and its numbers.
  private static func day(
    _ values: [Double],
    against reference: [Double]
  ) throws -> (numbers: [String: Double], said: String) {
    let folder = try TemporaryFolder()
    let monitor = try folder.write(Self.monitor, as: "m.yaml")
    let lines = { (values: [Double], start: Int) in
      values.enumerated().map { "{\"ts\":\(start + $0.offset * 60),\"amount\":\($0.element)}\n" }
        .joined()
    }
    let past = try folder.write(lines(reference, 1_767_225_600), as: "ref.jsonl")
    let today = try folder.write(lines(values, 1_767_398_400), as: "today.jsonl")
    let made = try LeewayProcess.run(["profile", "-m", monitor, past, "-o", folder.path("p")])
    #expect(made.code == 0, "\(made.errors)")
    let inspected = try LeewayProcess.run(["inspect", folder.path("p")])
    #expect(inspected.code == 0, "\(inspected.errors)")
    let run = try LeewayProcess.run(
      ["replay", "-m", monitor, today, "--metrics", folder.path("out"), "-q"]
    )
    #expect(run.code == 0, "\(run.errors)")
    var numbers: [String: Double] = [:]
    let out = try String(contentsOfFile: folder.path("out"), encoding: .utf8)
    for line in out.split(separator: "\n") {
      guard
        let record = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let statistic = record["statistic"] as? String, let value = record["value"] as? Double,
        let signal = record["signal"] as? String
      else { continue }
      numbers["\(signal) \(statistic)"] = value
    }
    return (numbers, made.errors + inspected.output)
  }

  @Test(arguments: [
    -0x1p63, 1e15, 9.2e18, 1e200, Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude,
  ])
  func `a sentinel in the reference spoils no number of usual values, and is named`(
    sentinel: Double
  ) throws {
    let today = Self.amounts(1200, seed: 1)
    let mean = today.reduce(0, +) / 1200
    let deviation = (today.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1200).squareRoot()
    let sum = today.reduce(0, +)
    for count in [1, 100] {
      var reference = Self.amounts(1200, seed: 2)
      for index in 0..<count { reference[index * 11] = sentinel }
      let (numbers, said) = try Self.day(today, against: reference)
      #expect(abs((numbers["amount mean"] ?? 0) - mean) < 1e-7, "\(numbers)")
      #expect(abs((numbers["amount std"] ?? 0) - deviation) < 1e-6, "\(numbers)")
      // Amounts below 10,000: 6e-11 each.
      #expect(abs((numbers["kpis.turnover value"] ?? 0) - sum) < 1200 * 6e-11 + 1e-9, "\(numbers)")
      #expect(said.contains("a sentinel for a missing value?"), "\(said)")
    }
  }

  @Test func `quantiles of a day in cents are within 0.78 % of the order statistics`() throws {
    let cents = Self.amounts(1440, seed: 3).map { ($0 * 100).rounded() }.sorted()
    for outlier in [nil, 1e6, -0x1p63, 4000] as [Double?] {
      let reference = Self.amounts(1200, seed: 4) + [outlier].compactMap { $0 }
      let (numbers, _) = try Self.day(cents, against: reference)
      for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)] {
        let exact = cents[Int(1439 * share)]
        let value = try #require(numbers["amount \(name)"])
        #expect(abs(value - exact) <= 0.0078 * exact + 1, "\(name): \(value), exactly \(exact)")
      }
    }
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the quantiles of cents against euros are near`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k03-quantiles-of-cents", in: folder).said
    let exact = ["p50": 2817.0, "p90": 10723, "p95": 15054, "p99": 30479, "mean": 4831.83]
    for line in said.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let wanted = exact[String(parts[0])] else { continue }
      let value = try #require(Double(parts[1]))
      #expect(abs(value - wanted) <= 0.01 * wanted, "\(line), exactly \(wanted)")
    }
    #expect(said.contains("p99"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `one least integer zeroes no mean`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k07-one-int64-min-zeroes-mean", in: folder).said
    #expect(said.contains("mean 79.71"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `a profile with the greatest double is read`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k08-dbl-max-makes-profile-unreadable", in: folder).said
    #expect(!said.contains("damaged") && said.contains("1,200 predictions in"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `one reference value of a million leaves the distance within 1 %`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k23-wasserstein-twice-too-large", in: folder).said
    let value = try #require(
      Double(said.split(separator: " ").last?.split(separator: "\n").first ?? "")
    )
    #expect(abs(value - 862.9229) <= 8.629, "\(said)")
  }
}
