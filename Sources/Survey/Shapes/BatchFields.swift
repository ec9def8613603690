internal import Events
internal import Records

/// The fields that hold batches: of a request its rows, of a response theirs.
///
/// A batch is told from a list of features by its name, by what is written beside it, and by other
/// fields with as many rows in each line.
struct BatchFields {
  /// The fields, whose rows belong together.
  private(set) var paths: [FieldPath] = []

  private struct Candidate {
    /// How many rows each line has, by the line's number.
    var rows: [Int: Int] = [:]
    var isNamed = false
    /// Whether its rows have names or a shape of their own.
    var isTable = false
    var isScalar = true
  }

  private var order: [FieldPath] = []
  private var found: [FieldPath: Candidate] = [:]

  init(_ values: [JSONValue], _ limits: SurveyLimits) {
    for (line, value) in values.enumerated() { look(value, FieldPath([]), line, limits.depth) }
    let all = order.compactMap { path in found[path].map { (path: path, candidate: $0) } }
    let many = all.filter { $0.candidate.rows.values.contains { $0 > 1 } }
    // What has names beside its rows is a batch also where each has one row.
    let primary =
      many.filter { $0.candidate.isNamed && !$0.candidate.isScalar }.max(by: Self.standsBefore)
      ?? many.filter { this in
        many.contains { $0.path != this.path && Self.agree($0.candidate, this.candidate) }
          && Set(this.candidate.rows.values).count > 1
      }.max(by: Self.standsBefore)
      ?? many.filter { $0.candidate.isNamed && Set($0.candidate.rows.values).count > 1 }
      .max(by: Self.standsBefore)
      ?? all.first { $0.candidate.isTable && $0.candidate.isNamed }
    guard let primary else { return }
    let varies = Set(primary.candidate.rows.values).count > 1
    paths = all.filter { this in
      this.path == primary.path
        || Self.agree(this.candidate, primary.candidate)
          && (varies || this.candidate.isNamed || !this.candidate.isScalar)
    }.map(\.path)
  }

  private static func standsBefore(
    _ left: (path: FieldPath, candidate: Candidate),
    _ right: (path: FieldPath, candidate: Candidate)
  ) -> Bool {
    left.candidate.rows.count < right.candidate.rows.count
  }

  /// Whether two fields have as many rows in nearly all lines that have both.
  private static func agree(_ left: Candidate, _ right: Candidate) -> Bool {
    let both = left.rows.filter { right.rows[$0.key] != nil }
    let equal = both.count { right.rows[$0.key] == $0.value }
    return !both.isEmpty && equal * 10 >= both.count * 9
  }

  private mutating func look(_ value: JSONValue, _ path: FieldPath, _ line: Int, _ depth: Int) {
    guard depth > 0 else { return }
    let name = FieldName(path)
    if !path.components.isEmpty, let rows = BatchShape(value, named: name.has(Self.names)) {
      if found[path] == nil { order.append(path) }
      var candidate = found[path] ?? Candidate()
      candidate.rows[line] = rows.count
      candidate.isNamed = candidate.isNamed || name.has(Self.names)
      candidate.isTable = candidate.isTable || rows.isTable
      candidate.isScalar = candidate.isScalar && rows.isScalar
      found[path] = candidate
      return
    }
    if case .object(let members) = value {
      for member in members { look(member.value, path.appending(member.key), line, depth - 1) }
    }
  }

  /// Whether a key is called as a batch.
  static func isNamed(_ key: String) -> Bool { FieldName(FieldPath([key])).has(names) }

  /// What serving systems call their batches.
  private static let names: Set<String> = [
    "instances", "inputs", "outputs", "predictions", "dataframesplit", "dataframerecords",
    "inputdata", "data", "rows", "records", "batch", "requests", "samples", "results",
    "logevents", "probabilities", "scores", "requestpayload", "responsepayload",
  ]
}

/// How many rows a value has, were it a batch.
private struct BatchShape {
  var count: Int
  var isTable = false
  var isScalar = false

  /// `nil` where the value cannot be a batch.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - named: Whether it is called as one; then an object of arrays is one.
  init?(_ value: JSONValue, named: Bool) {
    switch value {
    case .array(let elements):
      if let tensor = elements.first, tensor["name"]?.text != nil, tensor["data"] != nil {
        guard let rows = Self.tensorRows(tensor) else { return nil }
        count = rows
        isTable = true
        return
      }
      count = elements.count
      isScalar = !(elements.first?.isComposite ?? false)
    case .object(let members):
      let table = ["data", "ndarray", "values", "rows"].compactMap { value[$0] }.first
      if let table, case .array(let rows) = table {
        if value["columns"] != nil || value["names"] != nil {
          count = rows.count
          isTable = true
          return
        }
        if let rows = Self.tensorRows(value) {
          count = rows
          isTable = true
          return
        }
        guard value["ndarray"] != nil else { return nil }
        count = rows.count
        return
      }
      if let tensor = value["tensor"], let rows = Self.tensorRows(tensor) {
        count = rows
        isTable = true
        return
      }
      let lengths = members.map { member in
        if case .array(let elements) = member.value { return elements.count }
        return -1
      }
      let isColumn = { (member: (key: String, value: JSONValue)) in
        guard case .array(let elements) = member.value else { return false }
        return !BatchFields.isNamed(member.key)
          && !(elements.first?.isComposite ?? false)
      }
      guard named, let first = lengths.first, first >= 0, lengths.allSatisfy({ $0 == first }),
        members.allSatisfy({ isColumn(($0.key, $0.value)) })
      else { return nil }
      count = first
      isTable = true
    case .string(let text):
      // Several lines of comma-separated values.
      let lines = text.split(whereSeparator: \.isNewline)
      let areRows = lines.allSatisfy { line in
        let parts = commaParts(String(line))
        return parts.count > 1 || parts.allSatisfy(isJSONNumber)
      }
      guard named, !lines.isEmpty, areRows else { return nil }
      count = lines.count
    default: return nil
    }
  }

  /// The first of a tensor's sizes.
  private static func tensorRows(_ tensor: JSONValue) -> Int? {
    guard case .array(let sizes)? = tensor["shape"], case .number(let rows, _)? = sizes.first
    else { return nil }
    return Int(exactly: rows)
  }
}
