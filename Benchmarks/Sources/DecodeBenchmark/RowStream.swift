/// The same events a line each and so many rows a line: what a row costs beside a line.
struct RowStream {
  /// How the events stand in the log.
  enum Shape: String, CaseIterable {
    /// A line each, its numbers in an array.
    case arrays
    /// A line each, its numbers under their names.
    case objects
    /// `dataframe_split`: the names of the columns beside rows of values.
    case split
    /// An array of objects, a row each.
    case records
    /// The numbers of all rows side by side, with their shape.
    case tensor
    /// What was asked and what was answered, in an array each.
    case zipped
  }

  let shape: Shape

  /// How many rows a line has.
  static let rows = 32
  /// How many numbers an event has.
  static let numbers = 20

  /// Whether an event is a line.
  private var isLine: Bool { shape == .arrays || shape == .objects }

  /// The monitor; what it watches is the same in all shapes.
  var monitor: String {
    let x = shape == .tensor ? "in.data" : "in"
    let each =
      switch shape {
      case .arrays, .objects: ""
      case .tensor: "  each: [in.data, out]\n"
      case .split, .records, .zipped: "  each: [in, out]\n"
      }
    let features = (0..<Self.numbers).map { index in
      [.objects, .split, .records].contains(shape) ? "\(x).f\(index)" : "\(x).\(index)"
    }
    return """
      model: rows
      events:
      \(each)  prediction:
          id: id
          time: {field: ts, unit: s}
          score: out
          features: [\(features.joined(separator: ", "))]
      reference: {profile: rows-\(shape.rawValue).profile}
      windows:
        main: {size: 1h, slide: 5m}
      rules:
        - alert: Drift
          expr: drift(*) > 0.1

      """
  }

  /// `count` events, the same in all shapes for the same count.
  func lines(_ count: Int) -> [UInt8] {
    var random = EventGenerator()
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: count, by: Self.rows) {
      let second = 1_709_251_200 + start / Self.rows
      let size = min(Self.rows, count - start)
      let x = (0..<size).map { _ in
        (0..<Self.numbers).map { _ in "\(random.next() % 1000).\(10 + random.next() % 90)" }
      }
      let y = (0..<size).map { _ in "0.\(1000 + random.next() % 9000)" }
      if isLine {
        for row in 0..<size {
          let id = "\"id\":\"request-\(start)/\(row)\",\"ts\":\(second)"
          bytes += "{\(id),\"in\":\(one(x[row])),\"out\":\(y[row])}\n".utf8
        }
      } else {
        let id = "\"id\":\"request-\(start)\",\"ts\":\(second)"
        let answers = y.joined(separator: ",")
        bytes += "{\(id),\"in\":\(batch(x)),\"out\":[\(answers)]}\n".utf8
      }
    }
    return bytes
  }

  /// What was asked of one event.
  private func one(_ row: [String]) -> String {
    guard shape == .objects || shape == .records else { return "[\(row.joined(separator: ","))]" }
    return "{" + row.enumerated().map { "\"f\($0)\":\($1)" }.joined(separator: ",") + "}"
  }

  /// The batch of what was asked.
  private func batch(_ rows: [[String]]) -> String {
    switch shape {
    case .split:
      let names = (0..<Self.numbers).map { "\"f\($0)\"" }.joined(separator: ",")
      return "{\"columns\":[\(names)],\"data\":[\(rows.map(one).joined(separator: ","))]}"
    case .tensor:
      let numbers = rows.map { $0.joined(separator: ",") }.joined(separator: ",")
      return "{\"shape\":[\(rows.count),\(Self.numbers)],\"data\":[\(numbers)]}"
    default: return "[\(rows.map(one).joined(separator: ","))]"
    }
  }
}
