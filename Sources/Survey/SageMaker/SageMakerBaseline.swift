internal import Records
internal import Specification

/// What a baseline of Amazon SageMaker Model Monitor says: `constraints.json` and, with it or
/// without, `statistics.json`.
///
/// - **Source**: the schemas of both files in the SageMaker developer guide, "Schema for
///   Constraints" and "Schema for Statistics".
public struct SageMakerBaseline: Sendable, Equatable {
  /// One column of the baseline.
  struct Column: Sendable, Equatable {
    var name: String
    /// `Integral`, `Fractional`, `String` or `Unknown`.
    var type: String
    /// The share of values that must be there, from 0 to 1.
    var completeness: Double?
    var isNonNegative = false
    /// The values that a text may have; empty says nothing.
    var domain: [String] = []
    var hasOverrides = false
    var statistics: Statistics?

    var isNumber: Bool { type == "Integral" || type == "Fractional" }
  }

  /// What was counted of one column.
  ///
  /// Its 9 properties are what `statistics.json` has of a column, be it of numbers or of texts.
  struct Statistics: Sendable, Equatable {
    var present: Int
    var missing: Int
    var mean: Double?
    var standardDeviation: Double?
    var minimum: Double?
    var maximum: Double?
    /// Values of the sketch with their weights; empty without a sketch.
    var sketch: [(value: Double, weight: Int)] = []
    /// The histogram's buckets.
    var buckets: [(lower: Double, upper: Double, count: Int)] = []
    /// Counts of texts.
    var categories: [(value: String, count: Int)] = []

    static func == (left: Self, right: Self) -> Bool {
      left.present == right.present && left.missing == right.missing
        && left.sketch.count == right.sketch.count && left.buckets.count == right.buckets.count
        && left.categories.count == right.categories.count && left.mean == right.mean
    }
  }

  /// The part `monitoring_config`, with the defaults of the prebuilt container.
  struct Configuration: Sendable, Equatable {
    var isEnabled = true
    /// The share of values that must have the column's type.
    var typeShare = 1.0
    /// The share of texts that must be in the column's domain.
    var domainShare = 1.0
    var comparesDistributions = true
    var threshold = 0.1
    var isRobust = true
    var categoricalThreshold: Double?
    var categoricalMethod = "LInfinity"
  }

  var columns: [Column]
  var configuration: Configuration
  /// The rows that were counted; 0 without statistics.
  var rows: Int

  /// The most columns: that of a monitor's listed features.
  static let columnsMax = 1_000

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - constraints: The bytes of `constraints.json`.
  ///   - statistics: The bytes of `statistics.json`, or `nil`.
  /// - Throws: ``SageMakerError`` when a file is not of its shape.
  public init(constraints: [UInt8], statistics: [UInt8]?) throws(SageMakerError) {
    guard let root = JSONValue(constraints) else { throw .notJSON("constraints") }
    guard case .array(let features)? = root["features"] else { throw .noFeatures("constraints") }
    guard (1...Self.columnsMax).contains(features.count) else { throw .columns(features.count) }
    columns = []
    for feature in features {
      guard let name = feature["name"]?.text else { throw .noName("constraints") }
      columns.append(Column(name, feature))
    }
    configuration = Configuration(root["monitoring_config"])
    rows = 0
    guard let statistics else { return }
    guard let root = JSONValue(statistics) else { throw .notJSON("statistics") }
    guard case .array(let counted)? = root["features"] else { throw .noFeatures("statistics") }
    rows = whole(root["dataset"]?["item_count"])
    for index in columns.indices {
      let found = counted.first { $0["name"]?.text == columns[index].name }
      columns[index].statistics = found.flatMap(Statistics.init)
    }
    guard columns.contains(where: { $0.statistics != nil }) else { throw .differentColumns }
  }
}

/// Why a baseline cannot be read.
public enum SageMakerError: Error, Equatable, CustomStringConvertible {
  /// A file is not JSON.
  case notJSON(String)
  /// A file has no list of features.
  case noFeatures(String)
  /// A feature has no name.
  case noName(String)
  /// No columns, or too many.
  case columns(Int)
  /// The two files have no column in common.
  case differentColumns

  /// What is wrong, in one sentence.
  public var description: String {
    switch self {
    case .notJSON(let file): "the \(file) file is not JSON"
    case .noFeatures(let file): "the \(file) file has no list \"features\""
    case .noName(let file): "a feature of the \(file) file has no \"name\""
    case .columns(let count):
      "\(count) columns: a baseline has from 1 to \(SageMakerBaseline.columnsMax)"
    case .differentColumns: "the constraints and the statistics have no column in common"
    }
  }
}

extension SageMakerBaseline.Column {
  init(_ name: String, _ feature: JSONValue) {
    self.name = name
    type = feature["inferred_type"]?.text ?? "Unknown"
    completeness = feature["completeness"]?.number
    isNonNegative = feature["num_constraints"]?["is_non_negative"]?.boolean ?? false
    domain = feature["string_constraints"]?["domains"]?.elements.compactMap(\.text) ?? []
    if case .object(let members)? = feature["monitoringConfigOverrides"] {
      hasOverrides = !members.isEmpty
    }
  }
}

extension SageMakerBaseline.Configuration {
  init(_ value: JSONValue?) {
    guard let value else { return }
    isEnabled = value["evaluate_constraints"]?.text != "Disabled"
    typeShare = value["datatype_check_threshold"]?.number ?? typeShare
    domainShare = value["domain_content_threshold"]?.number ?? domainShare
    guard let distribution = value["distribution_constraints"] else { return }
    comparesDistributions = distribution["perform_comparison"]?.text != "Disabled"
    threshold = distribution["comparison_threshold"]?.number ?? threshold
    isRobust = distribution["comparison_method"]?.text != "Simple"
    categoricalThreshold = distribution["categorical_comparison_threshold"]?.number
    categoricalMethod = distribution["categorical_drift_method"]?.text ?? categoricalMethod
  }
}

extension SageMakerBaseline.Statistics {
  init?(_ feature: JSONValue) {
    guard let statistics = feature["numerical_statistics"] ?? feature["string_statistics"] else {
      return nil
    }
    present = whole(statistics["common"]?["num_present"])
    missing = whole(statistics["common"]?["num_missing"])
    mean = statistics["mean"]?.number
    standardDeviation = statistics["std_dev"]?.number
    minimum = statistics["min"]?.number
    maximum = statistics["max"]?.number
    let distribution = statistics["distribution"]
    buckets = (distribution?["kll"]?["buckets"]?.elements ?? []).compactMap { bucket in
      guard let lower = bucket["lower_bound"]?.number, let upper = bucket["upper_bound"]?.number,
        lower <= upper
      else { return nil }
      return (lower, upper, whole(bucket["count"]))
    }
    // An item of a sketch's level i stands for 2^i values.
    let levels = distribution?["kll"]?["sketch"]?["data"]?.elements ?? []
    sketch = levels.prefix(40).enumerated().flatMap { level, items in
      items.elements.compactMap(\.number).map { ($0, 1 << level) }
    }
    categories = (distribution?["categorical"]?["buckets"]?.elements ?? []).compactMap { bucket in
      bucket["value"]?.text.map { ($0, whole(bucket["count"])) }
    }
  }
}

/// A count: a whole number from 0 to 2^53, 0 for anything else.
private func whole(_ value: JSONValue?) -> Int {
  guard let number = value?.number, number >= 0, number <= 0x1p53 else { return 0 }
  return Int(number)
}
