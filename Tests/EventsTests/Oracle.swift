import CSimdjson
import Events
import TestSupport

/// simdjson's DOM: an independent reader of the same lines.
@safe
final class Oracle {
  enum Outcome: Int32 {
    case object, other, refused, number, depth, encoding
  }

  private let dom: OpaquePointer

  init?(nesting: Int) {
    guard let dom = unsafe leeway_dom_create(nesting) else {
      return nil
    }
    unsafe self.dom = dom
  }

  deinit {
    unsafe leeway_dom_destroy(dom)
  }

  func parse(_ line: [UInt8]) -> Outcome {
    unsafe Outcome(rawValue: leeway_dom_parse(dom, line, line.count)) ?? .refused
  }

  /// The value at a path in the line parsed last, in the form of values, or the part of a string.
  func valueOrPart(_ path: FieldPath) -> DecodedValue {
    let found = value(path)
    let parent = FieldPath(path.components.dropLast())
    guard found == .missing, let key = path.components.last, let place = Int(key),
      String(place) == key, case .string(let text) = value(parent)
    else {
      return found
    }
    // What begins as JSON does is no table.
    guard ![0x7B, 0x5B].contains(text.first { $0 != 0x20 }) else { return .missing }
    let parts = commaParts(text)
    return place < parts.count ? parts[place] : .missing
  }

  /// The value at a path in the line parsed last, in the form of values.
  func value(_ path: FieldPath) -> DecodedValue {
    let keys = path.components.map { Array($0.utf8CString) }
    var number = 0.0
    var text: UnsafePointer<CChar>? = nil
    var length = 0
    let starts = unsafe keys.map { key in
      let start = UnsafeMutablePointer<CChar>.allocate(capacity: key.count)
      unsafe start.initialize(from: key, count: key.count)
      return unsafe Optional(UnsafePointer(start))
    }
    defer { unsafe starts.forEach { unsafe $0?.deallocate() } }
    let kind = unsafe leeway_dom_value(
      dom,
      starts,
      keys.map { $0.count - 1 },
      keys.count,
      &number,
      &text,
      &length
    )
    switch kind {
    case 1: return .null
    case 2: return .boolean(false)
    case 3: return .boolean(true)
    case 4: return .number(number)
    case 5:
      let bytes = unsafe UnsafeRawBufferPointer(start: text, count: length)
      return unsafe .string(Array(bytes))
    case 6: return .composite
    default: return .missing
    }
  }
}

/// The parts of a text's first line between commas, read character by character.
private func commaParts(_ text: [UInt8]) -> [DecodedValue] {
  var parts: [DecodedValue] = []
  var part: [UInt8] = []
  var isQuoted = false
  var wasQuoted = false
  var index = 0
  while index < text.count {
    let byte = text[index]
    index += 1
    if isQuoted, byte == 0x22, index < text.count, text[index] == 0x22 {
      part += [0x22, 0x22]
      index += 1
    } else if isQuoted {
      isQuoted = byte != 0x22
      if isQuoted { part.append(byte) }
    } else if byte == 0x2C {
      parts.append(partValue(part, wasQuoted))
      part = []
      wasQuoted = false
    } else if byte == 0x0A || byte == 0x0D {
      break
    } else if byte == 0x22, part.allSatisfy({ $0 == 0x20 }), !wasQuoted {
      part = []
      isQuoted = true
      wasQuoted = true
    } else if !wasQuoted {
      part.append(byte)
    }
  }
  return parts + [partValue(part, wasQuoted)]
}

private func partValue(_ part: [UInt8], _ isQuoted: Bool) -> DecodedValue {
  var part = part[...]
  while !isQuoted, part.first == 0x20 { part.removeFirst() }
  while !isQuoted, part.last == 0x20 { part.removeLast() }
  let text = String(decoding: part, as: UTF8.self)
  guard !part.isEmpty else { return .null }
  if text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil,
    let number = Double(text)
  {
    return number.isInfinite ? .overflow : .number(number)
  }
  return .string(Array(part))
}

/// Makes lines of JSON at random, and breaks them.
struct LineGenerator {
  var random: SeededGenerator

  static let keys = [
    "a", "b", "amount", "a key of sixteen", "a key that is longer than sixteen bytes",
    "é", "o", "list", "0", "",
  ]

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  mutating func line() -> [UInt8] {
    Array(object(depth: 0).utf8)
  }

  /// A line with one to three bytes changed, removed, doubled or swapped with those of another
  /// place.
  mutating func mutated(_ line: [UInt8]) -> [UInt8] {
    var line = line
    for _ in 0...random.below(3) where !line.isEmpty {
      let index = random.below(line.count)
      switch random.below(6) {
      case 0: line[index] = UInt8.random(in: 0...255, using: &random)
      case 1: line.remove(at: index)
      case 2: line.insert(line[index], at: index)
      case 3: line.swapAt(index, random.below(line.count))
      case 4: line.insert(random.pick(Array("{}[]:,\"\\0-.e \u{1F}tfn\u{0}".utf8)), at: index)
      default: line.removeLast(random.below(line.count))
      }
    }
    return line.map { $0 == 0x0A ? 0x20 : $0 }
  }

  private mutating func space() -> String {
    random.chance(0.85) ? "" : random.pick([" ", "  ", "\t", "\r", " \t "])
  }

  private mutating func object(depth: Int) -> String {
    let count = depth == 0 ? 1 + random.below(8) : random.below(5)
    var keys = LineGenerator.keys
    if random.chance(0.8) {
      keys.shuffle(using: &random)
    }
    let members = (0..<count).map { index in
      let key = random.chance(0.9) ? keys[index] : random.pick(keys)
      return space() + string(key) + space() + ":" + space() + value(depth: depth + 1) + space()
    }
    return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
  }

  private mutating func value(depth: Int) -> String {
    switch random.below(depth > 4 ? 7 : 10) {
    case 0...2: return number()
    case 3, 4: return string(text())
    case 5: return random.pick(["true", "false"])
    case 6: return "null"
    case 7:
      return "["
        + (0..<random.below(4)).map { _ in value(depth: depth + 1) }
        .joined(separator: space() + ",") + "]"
    default: return object(depth: depth)
    }
  }

  mutating func number() -> String {
    let sign = random.chance(0.3) ? "-" : ""
    switch random.below(5) {
    case 0: return sign + String(random.below(100_000))
    case 1: return sign + "\(random.below(1000)).\(random.below(100))"
    case 2: return "\(Double.random(in: -1e6...1e6, using: &random))"
    case 3:
      return sign + "\(random.below(1_000_000))\(random.pick(["e", "E"]))\(random.below(40) - 20)"
    default: return sign + "0.\(random.next() >> UInt64(random.below(60)))"
    }
  }

  private mutating func text() -> String {
    let pieces = [
      "a", "word", " ", "é", "€", "😀", "0123456789abcdef", "\"", "\\", "/", "\n", "\u{7}",
      ",", "1", " 2.5,", "-3e2",
    ]
    return (0..<random.below(6)).map { _ in random.pick(pieces) }.joined()
  }

  /// A string in quotes, some characters as escapes.
  private mutating func string(_ text: String) -> String {
    var spelled = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": spelled += "\\" + String(scalar)
      case "\n": spelled += "\\n"
      default:
        // What separates parts, and the digits of numbers in them, stay as they are.
        let mayEscape = scalar.value > 0x7F || scalar.properties.isAlphabetic && scalar != "e"
        if scalar.value < 0x20 || mayEscape && random.chance(0.05) {
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16, uppercase: random.chance(0.5))
            spelled += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        } else {
          spelled += String(scalar)
        }
      }
    }
    return spelled + "\""
  }
}
