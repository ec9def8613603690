import Events
import Glibc
import Testing
import TestSupport

@Suite struct NumberTests {
  /// Decodes numbers, 200 a line, in the form of values.
  private func decode(_ numbers: [String]) throws -> [DecodedValue] {
    let width = 200
    let slots = (0..<width).map { Schema.Slot(path: FieldPath(["n\($0)"]), form: .value) }
    var text = ""
    for start in stride(from: 0, to: numbers.count, by: width) {
      let line = numbers[start..<min(start + width, numbers.count)].enumerated()
      text += "{" + line.map { "\"n\($0.offset)\":\($0.element)" }.joined(separator: ",") + "}\n"
    }
    let stream = DecodedStream(text, Schema(slots: slots))
    #expect(stream.refused.isEmpty)
    return Array(stream.rows.flatMap { $0 }.prefix(numbers.count))
  }

  private func reference(_ number: String) -> DecodedValue {
    let double = unsafe strtod(number, nil)
    return double.isInfinite ? .overflow : .number(double)
  }

  private func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
    String((0..<count).map { _ in random.pick(Array("0123456789")) })
  }

  /// One number of a random shape.
  private func number(_ random: inout SeededGenerator) -> String {
    let sign = random.chance(0.3) ? "-" : ""
    let lead = "\(1 + random.below(9))"
    switch random.below(8) {
    case 0: return sign + lead + digits(random.below(18), &random)
    case 1:
      return sign + lead + digits(random.below(10), &random) + "."
        + digits(1 + random.below(20), &random)
    case 2: return sign + "0." + digits(1 + random.below(25), &random)
    case 3:
      return sign + lead + "." + digits(1 + random.below(18), &random)
        + "e\(random.below(640) - 330)"
    case 4: return sign + lead + digits(random.below(40), &random) + "E+\(random.below(20))"
    case 5:
      // The shortest text of any finite double.
      let double = Double(bitPattern: random.next())
      return double.isFinite ? "\(double)" : "0"
    case 6:
      // Halfway between two doubles, the hardest to round.
      let double = Double(bitPattern: UInt64(random.below(1 << 40)) &+ 0x4330_0000_0000_0000)
      return "\(UInt64(double)).5"
    default:
      return sign + lead + digits(random.below(19), &random) + "e-\(random.below(360))"
    }
  }

  @Test(arguments: 1...10)
  func `numbers are the doubles that strtod gives, bit for bit`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let numbers = (0..<10_000).map { _ in number(&random) }
    let decoded = try decode(numbers)
    let wrong = zip(numbers, decoded).first { reference($0) != $1 }
    #expect(wrong == nil, "seed \(seed)")
  }

  @Test func `numbers at the edges are right`() throws {
    let numbers = [
      "0", "-0", "0.0", "-0.0", "0e5", "1e23", "8.5e22", "9007199254740991", "9007199254740992",
      "9007199254740993", "9007199254740993.0", "9007199254740993.00000000000000000001",
      "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e308",
      "1e309", "-1e309", "2.2250738585072014e-308", "2.2250738585072011e-308",
      "2.2250738585072013e-308", "4.9e-324", "4.94e-324", "2.4703282292062327e-324",
      "2.4703282292062328e-324", "2.47e-324", "1e-324", "1e-400", "-1e-400", "0.1", "0.2", "0.3",
      "1.0000000000000002", "1.00000000000000011102230246251565404236316680908203125",
      "1.00000000000000011102230246251565404236316680908203124",
      "1.00000000000000011102230246251565404236316680908203126", "123456789012345678",
      "1234567890123456789", "12345678901234567890", "18446744073709551615", "18446744073709551616",
      "0.000000000000000000000000000000000000000000000001", "100000000000000000000000000000",
      "7.0420557077594588669468784357561207962098443483187940792729600000e+59",
      "3.518437208883201171875e13", "1e-5", "12345678", "1234567", "123456.7", "1.234567",
      "0.123456", "0.1234567", "99999999", "9999999.9", "1e99999999999999999999",
      "1e-99999999999999999999", "0e99999999999999999999", "6.02214076e23", "1.5e+00003",
    ]
    for (number, value) in zip(numbers, try decode(numbers)) {
      #expect(value == reference(number), "\(number)")
    }
  }

  @Test func `every length of whole and fraction is right`() throws {
    var numbers: [String] = []
    for whole in 1...24 {
      for fraction in 0...24 {
        let head = String("123456789012345678901234".prefix(whole))
        let tail = String("987654321098765432109876".prefix(fraction))
        numbers.append(tail.isEmpty ? head : head + "." + tail)
        numbers.append("-" + (tail.isEmpty ? "0" : "0." + tail))
      }
    }
    for (number, value) in zip(numbers, try decode(numbers)) {
      #expect(value == reference(number), "\(number)")
    }
  }

  @Test func `a number may be followed by anything that may follow a value`() throws {
    for number in ["1", "12", "1.5", "1234567", "12345678", "1e5", "0.25", "123456789012345.25"] {
      let lines = [
        "{\"a\":\(number)}", "{\"a\":\(number) }", "{\"a\":\(number),\"b\":1}",
        "{\"a\":\(number) ,\"b\":1}", "{\"a\":\(number)\t}", "{\"a\":\(number)\r}",
      ]
      for line in lines {
        let stream = DecodedStream(line, try schema("a"))
        #expect(stream.rows == [[reference(number)]], "\(line)")
      }
    }
  }
}
