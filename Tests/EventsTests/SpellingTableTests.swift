import TestSupport
import Testing

@testable import Events

/// Where spellings of one form stand in the table that gives them codes.
@Suite struct SpellingTableTests {
  /// Values of one form, each with a number in it.
  struct Form: Sendable, CustomTestStringConvertible {
    var name: String
    var spell: @Sendable (Int) -> String
    var testDescription: String { name }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// A character of 64.
  private static func letter(_ number: Int) -> String {
    String(UnicodeScalar(UInt8(48 + number & 63)))
  }

  static let forms = [
    Form(name: "short codes") { "c\($0)" },
    Form(name: "padded numbers") { padded($0, 16) },
    Form(name: "the number at the start") { padded($0, 5) + ".example.com/index.html" },
    Form(name: "the number at the end") { "https://www.exam" + padded($0, 5) },
    Form(name: "the number far behind") {
      "https://www.example.com/goods/of/all/kinds/" + padded($0, 5)
    },
    Form(name: "the number in the middle") {
      "https://www.example.com/\(padded($0, 5))/details/of/it"
    },
    Form(name: "two letters that are eight bytes apart") {
      "aaaaaaa\(letter($0))bbbbbbb\(letter($0 >> 6))c\(letter($0 >> 12))"
    },
    Form(name: "letters at the ends of the eights behind the first 16") {
      "an ordinary head" + "aaaaaaa\(letter($0))bbbbbbb\(letter($0 >> 6))c\(letter($0 >> 12))"
    },
  ]

  @Test(arguments: forms) func `values of one form do not stand in one chain`(_ form: Form) {
    var random = SeededGenerator(seed: 7)
    var means: [Double] = []
    for _ in 0..<5 {
      var table = SpellingTable(
        capacity: 0,
        seed: (random.next(), random.next())
      )
      for number in 0..<32_000 {
        table.insert(Array(form.spell(number).utf8), SpellingTable.plain, UInt32(number))
      }
      let lengths = table.searchLengths
      means.append(lengths.mean)
      #expect(lengths.worst < 200)
    }
    // At most half of the places are taken: linear probing looks at 1.5 on average (Knuth, 6.4). A
    // seed may be a worse one than that.
    #expect(means.reduce(0, +) / 5 < 2)
  }

  @Test func `the longest spellings are found, and differ by their last byte`() {
    var table = SpellingTable(capacity: 3)
    let long = [UInt8](repeating: 0x61, count: 5000)
    for (code, length) in [4999, 5000, 33, 32, 31, 17, 16].enumerated() {
      table.insert(Array(long[..<length]), SpellingTable.plain, UInt32(code))
    }
    for (code, length) in [4999, 5000, 33, 32, 31, 17, 16].enumerated() {
      for last in [UInt8(0x61), 0x62] {
        let bytes = long[..<(length - 1)] + [last] + [UInt8](repeating: 0x63, count: 16)
        let found = unsafe Array(bytes).withUnsafeBufferPointer { bytes -> UInt32 in
          guard let start = bytes.baseAddress else { return SpellingTable.notFound }
          return unsafe table.find(SpellingTable.Key(start, length, SpellingTable.plain), start)
        }
        #expect(found == (last == 0x61 ? UInt32(code) : SpellingTable.notFound))
      }
    }
  }
}
