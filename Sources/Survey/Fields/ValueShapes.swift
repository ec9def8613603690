internal import Events
internal import Records

/// Which values of a log are fields of their own, and what stands in an array or a string.
///
/// The first look at a log: it decides for each array, and each string with commas, whether its
/// elements are fields.
struct ValueShapes: Sendable {
  /// What becomes of an array or a string.
  enum Expansion: Sendable, Equatable {
    /// Each of so many elements is a field.
    case elements(Int)
    /// The first element alone: the array is a batch of requests.
    case firstElement
    /// Each of so many parts between commas is a field.
    case parts(Int)
    /// The text is a number with a decimal comma.
    case decimalComma
    /// A field as it is.
    case none
    /// Nothing of it is a field, for a reason in words.
    case leftOut(String)
  }

  private struct ArrayShape {
    var lengths: [Int: Int] = [:]
    var hasComposites = false
    var hasNamedParts = false
    /// Whether its numbers add up to one in each line, as probabilities do.
    var addsUp = true
  }

  /// What the texts of a field have in common.
  ///
  /// Its 13 properties are counts, each of one thing that a text can be.
  fileprivate struct TextShape {
    var partCounts: [Int: Int] = [:]
    var parts = 0
    var numericParts = 0
    var fractions = 0
    var others = 0
    var isMarked = false
    /// Texts that are a time, whose fraction may stand behind a comma.
    var times = 0
    /// Texts that are digits, a comma and digits, by how many follow it.
    var decimals: [Int: Int] = [:]
    /// Whether a 0 and more digits have followed the comma: no number of its own begins so.
    var hasZeroBehindComma = false
    /// Texts in which three digits follow the comma, and one to three stand before it, no 0 first.
    var thousands = 0
    /// Texts that are digits alone.
    var wholes = 0
    /// Texts that begin as JSON does: their commas are not of a table.
    var composites = 0
    /// The first different texts, to tell a measured number from a name such as `1.0`.
    var distinct: Set<String> = []
  }

  private var arrays: [FieldPath: ArrayShape] = [:]
  fileprivate var texts: [FieldPath: TextShape] = [:]
  private let limits: SurveyLimits

  init(_ limits: SurveyLimits) { self.limits = limits }

  // MARK: Looking

  mutating func add(_ value: JSONValue) { add(value, FieldPath([]), depth: 0, isMarked: false) }

  private mutating func add(_ value: JSONValue, _ path: FieldPath, depth: Int, isMarked: Bool) {
    switch value {
    case .object(let members):
      guard depth < limits.depth else { return }
      let isCSV = value["encoding"]?.text?.uppercased() == "CSV"
      for member in members {
        let isMarked = isCSV && member.key == "data"
        add(member.value, path.appending(member.key), depth: depth + 1, isMarked: isMarked)
      }
    case .array(let elements):
      guard arrays[path] != nil || arrays.count < limits.fields, depth < limits.depth else {
        return
      }
      var shape = arrays.removeValue(forKey: path) ?? ArrayShape()
      shape.lengths[elements.count, default: 0] += 1
      shape.addsUp = shape.addsUp && Self.addUp(elements)
      for (index, element) in elements.prefix(limits.elements).enumerated() {
        shape.hasComposites = shape.hasComposites || element.isComposite
        shape.hasNamedParts =
          shape.hasNamedParts || element["name"] != nil && element["data"] != nil
        add(element, path.appending(String(index)), depth: depth + 1, isMarked: false)
      }
      arrays[path] = shape
    case .string(let text):
      guard texts[path] != nil || texts.count < limits.fields else { return }
      texts[path, default: TextShape()].add(text, isMarked: isMarked)
    case .number, .boolean: texts[path]?.others += 1
    case .null: break
    }
  }

  private static func addUp(_ elements: [JSONValue]) -> Bool {
    var sum = 0.0
    for element in elements {
      guard case .number(let number, _) = element else { return false }
      sum += number
    }
    return elements.count > 1 && abs(sum - 1) < 0.02
  }

  // MARK: Deciding

  /// What becomes of the array at a path.
  func array(at path: FieldPath) -> Expansion {
    guard let shape = arrays[path] else { return .none }
    let lines = shape.lengths.values.reduce(0, +)
    let common = shape.lengths.max { ($0.value, $1.key) < ($1.value, $0.key) }
    let length = common?.key ?? 0
    let isSteady = (common?.value ?? 0) * 100 >= lines * 95
    if shape.hasComposites {
      return isSteady && shape.hasNamedParts ? .elements(min(length, 16)) : .firstElement
    }
    if FieldName(path).has(Self.batchNames), !(isSteady && shape.addsUp) { return .firstElement }
    guard isSteady else { return .leftOut("a list whose length varies") }
    guard length <= limits.elements else {
      return .leftOut("an array of \(length) values, such as an embedding or an image")
    }
    return .elements(length)
  }

  /// What becomes of the text at a path.
  func text(at path: FieldPath) -> Expansion {
    guard let shape = texts[path], shape.others == 0 else { return .none }
    let lines = shape.partCounts.values.reduce(0, +)
    if shape.times * 100 >= lines * 95 || FieldName(path).has(RoleNames.time) { return .none }
    if shape.isDecimal(lines: lines) {
      guard shape.mayBeThousands else { return .decimalComma }
      return .leftOut(Self.thousands + "{field: \(path), type: number, from: text, decimal: comma}")
    }
    guard let common = shape.partCounts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      common.value * 100 >= lines * 95
    else { return .none }
    if shape.composites > 0 { return .none }
    let isMostlyNumbers = shape.numericParts * 2 >= shape.parts
    let isAllNumbers =
      shape.numericParts == shape.parts && shape.fractions > 0 && shape.distinct.count > 20
    guard common.key > 1 ? isMostlyNumbers || shape.isMarked : isAllNumbers || shape.isMarked
    else { return .none }
    guard common.key <= limits.elements * 8 else {
      return .leftOut("\(common.key) values between commas")
    }
    return .parts(common.key)
  }

  /// Why texts such as `12,345` are left out.
  static let thousands =
    "numbers whose comma may stand before thousands or a fraction: write them without marks; for a "
    + "fraction write "

  /// Arrays that hold one value for each request of a batch.
  private static let batchNames: Set<String> = ["predictions", "prediction", "outputs", "results"]
}

extension ValueShapes.TextShape {
  /// Whether the texts are numbers with a decimal comma, and not two numbers each.
  fileprivate func isDecimal(lines: Int) -> Bool {
    let count = decimals.values.reduce(0, +)
    guard !isMarked, (count + wholes) * 100 >= lines * 95, count * 2 >= lines else { return false }
    // A list of numbers may have one, and two; the fraction of a number has no length of its own.
    let isList = wholes > 0 && decimals.keys.contains(1)
    return hasZeroBehindComma || decimals.count == 1 && !isList
  }

  /// Whether the comma of all texts could as well stand before thousands.
  fileprivate var mayBeThousands: Bool { thousands == decimals.values.reduce(0, +) }

  /// Looks at what stands before and behind a text's only comma.
  private mutating func lookForDecimal(_ text: String) {
    let halves = text.split(separator: ",", omittingEmptySubsequences: false)
    guard halves.count <= 2, let whole = halves.first, let fraction = halves.last else { return }
    let digits = whole.hasPrefix("-") || whole.hasPrefix("+") ? whole.dropFirst() : whole
    guard
      [digits, fraction].allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 ^ 0x30 <= 9 } })
        || halves.count == 1 && !digits.isEmpty && digits.utf8.allSatisfy({ $0 ^ 0x30 <= 9 })
    else { return }
    guard halves.count == 2 else {
      wholes += 1
      return
    }
    if fraction.utf8.count == 3, digits.utf8.count <= 3, !digits.hasPrefix("0") { thousands += 1 }
    decimals[fraction.utf8.count, default: 0] += 1
    hasZeroBehindComma = hasZeroBehindComma || fraction.hasPrefix("0") && fraction.utf8.count > 1
  }

  fileprivate mutating func add(_ text: String, isMarked: Bool) {
    let found = commaParts(text)
    lookForDecimal(text)
    if Timestamp.parse(text) != nil || Timestamp.parseCommon(text) != nil { times += 1 }
    if distinct.count <= 20 { distinct.insert(text) }
    partCounts[found.count, default: 0] += 1
    parts += found.count
    numericParts += found.count { $0.isEmpty || isJSONNumber($0) }
    fractions += found.contains { isJSONNumber($0) && $0.contains(".") } ? 1 : 0
    self.isMarked = self.isMarked || isMarked
    let first = text.first { !$0.isWhitespace }
    composites += first == "{" || first == "[" ? 1 : 0
  }
}

extension JSONValue {
  var isComposite: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}

/// The parts of a text's first line between commas, as `EventDecoder` finds them: without the
/// spaces around them, in double quotes where they hold commas.
func commaParts(_ text: String) -> [String] {
  var parts: [String] = []
  var part = ""
  var isQuoted = false
  var wasQuoted = false
  for character in text.unicodeScalars {
    if character == "\"", isQuoted || part.allSatisfy({ $0 == " " }) && !wasQuoted {
      part = isQuoted ? part : ""
      isQuoted.toggle()
      wasQuoted = true
    } else if isQuoted {
      part.unicodeScalars.append(character)
    } else if character == "," {
      parts.append(wasQuoted ? part : trimmed(part))
      part = ""
      wasQuoted = false
    } else if character == "\n" || character == "\r" {
      break
    } else if !wasQuoted {
      part.unicodeScalars.append(character)
    }
  }
  return parts + [wasQuoted ? part : trimmed(part)]
}

private func trimmed(_ text: String) -> String {
  var text = Substring(text)
  while text.first == " " { text.removeFirst() }
  while text.last == " " { text.removeLast() }
  return String(text)
}
