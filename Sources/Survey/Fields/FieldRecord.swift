internal import Events
internal import Records

/// What was seen of one field over the lines of a survey.
///
/// Its 11 properties are what roles and features ask of a field; of its numbers and texts there are
/// records of their own.
struct FieldRecord: Sendable {
  /// The field's numbers.
  struct Numbers {
    /// All of them, in the order of the lines.
    private(set) var values: [Double] = []
    /// Those with a fraction.
    private(set) var fractions = 0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity

    var count: Int { values.count }

    mutating func insert(_ number: Double) {
      values.append(number)
      fractions += number == number.rounded() ? 0 : 1
      minimum = min(minimum, number)
      maximum = max(maximum, number)
    }
  }

  /// The field's texts.
  ///
  /// Its 9 properties are counts, each of one thing that a text can be.
  struct Texts {
    private(set) var count = 0
    private(set) var bytes = 0
    /// Those with a space between words.
    private(set) var spaced = 0
    /// Those that are times, those of them that are of RFC 3339, and those that lack a zone.
    private(set) var times = 0
    private(set) var standardTimes = 0
    private(set) var zonelessTimes = 0
    /// The seconds of those that are durations with a unit.
    private(set) var durations: [Double] = []
    /// Those that are numbers: times only in a field that is called so.
    private(set) var epochTimes = 0
    /// Those that are `NaN`, or how else programs write a number that is not finite.
    private(set) var nonfinite = 0

    /// Takes in a text; the time that it is, if it is one, by the clocks of UTC if it lacks a zone.
    mutating func insert(_ text: String) -> Int64? {
      count += 1
      bytes += text.utf8.count
      if text.contains(" ") { spaced += 1 }
      if isNonfiniteNumber(text.utf8) { nonfinite += 1 }
      if let seconds = textDuration(Array(text.utf8), decimal: .dot) { durations.append(seconds) }
      if let time = Timestamp.parse(text) {
        times += 1
        standardTimes += 1
        return time
      }
      if let time = epoch(text) {
        epochTimes += 1
        return time
      }
      switch Timestamp.parseCommon(text) {
      case .instant(let time):
        times += 1
        return time
      case .local(let time):
        times += 1
        zonelessTimes += 1
        return time
      case nil: return nil
      }
    }

    /// The time that a number in a text is, from 2000 to 2100.
    private func epoch(_ text: String) -> Int64? {
      let bytes = Array(text.utf8)
      let time = unsafe bytes.withUnsafeBytes { unsafe Timestamp.parseEpoch($0, unit: .automatic) }
      return time.flatMap { FieldRecord.epochTimes.contains($0) ? $0 : nil }
    }
  }

  let path: FieldPath
  let name: FieldName
  private(set) var numbers = Numbers()
  private(set) var texts = Texts()
  private(set) var booleans = 0
  /// Whether its numbers are texts with a decimal comma.
  var hasDecimalComma = false
  /// How often each value came, by how it is written; strings start with a quote.
  private(set) var counts: [String: Int] = [:]
  private(set) var hasMoreValues = false
  /// Values by what they look like, where that is a person's.
  private(set) var shapes: [PersonalShape: Int] = [:]
  /// Event times in nanoseconds by line, where the field could be one; numbers wait for a unit.
  private(set) var moments: [(line: Int, time: Int64)] = []

  /// The lines with a value.
  private(set) var lines: Set<Int> = []

  init(_ path: FieldPath) {
    self.path = path
    name = FieldName(path)
  }

  mutating func add(_ value: JSONValue, line: Int, distinctLimit: Int) {
    if value != .null { lines.insert(line) }
    switch value {
    case .boolean(let boolean):
      booleans += 1
      count(boolean ? "true" : "false", distinctLimit)
    case .number(let number, let written):
      add(number, written, line: line)
      count(written, distinctLimit)
    case .string(let text):
      add(text, line: line)
      count("\"" + text, distinctLimit)
    case .null, .array, .object: break
    }
  }

  private mutating func add(_ number: Double, _ written: String, line: Int) {
    numbers.insert(number)
    if let shape = PersonalShape(number: written) { shapes[shape, default: 0] += 1 }
    let bytes = Array(written.utf8)
    let time = unsafe bytes.withUnsafeBytes { unsafe Timestamp.parseEpoch($0, unit: .automatic) }
    if let time { moments.append((line, time)) }
  }

  private mutating func add(_ text: String, line: Int) {
    if let time = texts.insert(text) { moments.append((line, time)) }
    if let shape = PersonalShape(text: text) { shapes[shape, default: 0] += 1 }
  }

  private mutating func count(_ key: String, _ limit: Int) {
    if counts[key] != nil || counts.count < limit {
      counts[key, default: 0] += 1
    } else {
      hasMoreValues = true
    }
  }

  /// Values that are not `null`.
  var usable: Int { numbers.count + texts.count + booleans }

  var distinct: Int { counts.count }

  /// Which share of the values are no finite numbers, from 0 to 1.
  var nonfiniteShare: Double { Double(texts.nonfinite) / Double(max(usable, 1)) }

  /// Whether all values but at most one in a hundred are numbers, those aside that are not finite.
  var isNumeric: Bool {
    numbers.count > 0 && numbers.count * 100 >= (usable - texts.nonfinite) * 99
  }
  /// Whether all values but at most one in a hundred are texts.
  var isText: Bool { usable > 0 && texts.count * 100 >= usable * 99 && !isNumeric }
  var isBoolean: Bool { usable > 0 && booleans == usable }
  /// Whether all values but at most one in a hundred are durations that say their unit.
  var isDuration: Bool { isText && texts.durations.count * 100 >= usable * 99 }
  /// Whether it holds texts that are times, but for at most one in a hundred.
  var isTimeText: Bool { isText && texts.times * 100 >= texts.count * 99 }
  /// Whether it holds texts of numbers that could be times.
  var isEpochText: Bool { isText && texts.epochTimes * 100 >= texts.count * 99 }

  /// The times that numbers are taken for: 2000 to 2100, in nanoseconds since 1970.
  static let epochTimes: ClosedRange<Int64> = 946_684_800_000_000_000...4_102_444_800_000_000_000

  /// Whether all numbers are whole.
  var isWhole: Bool { isNumeric && numbers.fractions == 0 }

  /// Whether all values but at most one in a hundred differ.
  var isUnique: Bool { usable >= 10 && (hasMoreValues || distinct * 100 >= usable * 99) }

  /// Whether the values would all differ, had each event come once: a value came at most four times.
  var isRepeated: Bool {
    usable >= 40 && !hasMoreValues && distinct * 4 >= usable
      && counts.values.allSatisfy { $0 <= 4 }
  }

  /// The values, the most frequent first, without their quotes.
  var frequentValues: [String] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { entry in
      entry.key.hasPrefix("\"") ? String(entry.key.dropFirst()) : entry.key
    }
  }

  /// The value at a share of the sorted numbers, or of the durations in seconds; 0 without any.
  func quantile(_ share: Double) -> Double {
    let sorted = (isDuration ? texts.durations : numbers.values).sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)]
  }
}
