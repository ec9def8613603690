import Testing

@testable import Expressions
import TestSupport

@Suite struct SpellingTests {
  @Test(arguments: [
    ("drfit", "drift"), ("prediciton", "prediction"), ("PSI", "psi"), ("cnt", nil),
    ("cont", "count"),
    ("", nil), ("xyz", nil), ("p59", "p50"), ("hellingr", "hellinger"),
  ])
  func `the nearest known word is suggested`(_ word: String, _ expected: String?) {
    let known = ["drift", "psi", "count", "prediction", "p50", "p90", "hellinger"]
    #expect(spellingSuggestion(for: word, among: known) == expected)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func `the distance is the restricted Damerau-Levenshtein one`(
    _ left: String,
    _ right: String,
    _ distance: Int
  ) {
    #expect(alignmentDistance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == distance)
    #expect(alignmentDistance(Array(right.unicodeScalars), Array(left.unicodeScalars)) == distance)
  }
}

@Suite struct TimeSpanTests {
  @Test(arguments: [
    ("0", Int64(0)), ("0s", 0), ("200ms", 200_000_000), ("5m", 300_000_000_000),
    ("1h30m", 5_400_000_000_000), ("7d", 604_800_000_000_000), ("1w", 604_800_000_000_000),
    ("3us", 3_000), ("3µs", 3_000), ("1d2h3m4s5ms6us7ns", 93_784_005_006_007),
  ])
  func `a duration is the sum of its parts`(_ text: String, _ nanoseconds: Int64) throws {
    #expect(try TimeSpan(parsing: text).nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    ("", TimeSpanError.empty), ("5", .missingUnit), ("m", .expectedNumber),
    ("-5m", .expectedNumber),
    ("5x", .unknownUnit("x")), ("1m1h", .unitOrder("h")), ("1m1m", .unitOrder("m")),
    ("400000d", .tooLong), ("99999999999999999999s", .tooLong), ("1.5h", .unknownUnit(".")),
    ("5 m", .unknownUnit(" m")),
  ])
  func `what is no duration says why`(_ text: String, _ error: TimeSpanError) {
    #expect(throws: error) { try TimeSpan(parsing: text) }
  }

  @Test(arguments: UInt64(1)...4)
  func `writing and reading again gives the same duration`(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for shift in 0..<63 {
      let length = TimeSpan(nanoseconds: Int64.random(in: 0...(Int64.max >> shift), using: &random))
      #expect(try TimeSpan(parsing: length.description) == length, "seed \(seed)")
    }
  }
}
