import Monitoring
import Testing
import YAML

@testable import Trials

/// Every mistake of a stream's description has its place and says what to do.
@Suite struct StreamMistakeTests {
  static let head = "seed: 1\nstart: 2026-03-02T00:00:00Z\nduration: 1h\nrate: 10/s\n"

  static func diagnostics(_ text: String) -> [String] {
    StreamSpecification.load(bytes: Array(text.utf8), file: "s", environment: [:])
      .diagnostics.map { "\($0.line):\($0.column): \($0.message)" }
  }

  @Test(arguments: [
    ("fields: {x: {nrmal: {mean: 1, std: 1}}}", "5:14: ", "did you mean \"normal\"?"),
    ("fields: {x: {normal: {mean: 1, sd: 1}}}", "5:32: ", "did you mean \"std\"?"),
    ("fields: {x: {normal: {mean: a, std: 1}}}", "5:29: ", "expected a number, got \"a\""),
    ("fields: {x: {normal: {mean: 1, std: -1}}}", "5:37: ", "out of range"),
    ("fields: {x: {decimals: 2}}", "5:13: ", "got none"),
    ("fields: {x: {boolean: 2}}", "5:23: ", "out of range"),
    ("fields: {x: {category: {a: 0}}}", "5:24: ", "all weights are zero"),
    ("fields: {x: {boolean: 5%, decimals: 1}}", "5:27: ", "is for numbers"),
    ("fields: {x: 1, x.y: 2}", "5:16: ", "cannot stand beside \"x\""),
    ("fields: {x: {time: rfc}}", "5:20: ", "unknown value \"rfc\""),
    ("fields: {s: {linear: {terms: {amout: 1}}}}", "5:31: ", "no field \"amout\" stands above"),
    ("fields: {a: 1}\nchanges: {c: {field: a, missing: 1%}}", "6:14: ", "\"at\" is missing"),
    ("fields: {a: 1}\nchanges: {c: {at: 1m}}", "6:14: ", "a list of effects, got none"),
    ("fields: {a: 1}\nchanges: {c: {at: x, field: a, missing: 1}}", "6:19: ", "got \"x\""),
    ("fields: {a: x}\nchanges: {c: {at: 1m, field: a, add: 1}}", "6:33: ", "is no number"),
    ("fields: {a: x}\nchanges: {c: {at: 1m, field: b, add: 1}}", "6:30: ", "no field \"b\""),
    (
      "fields: {a: {category: {p: 1}}}\nchanges: {c: {at: 1m, field: a, shares: {q: 60%, r: 50%}}}",
      "6:41: ", "add up to 1.1"
    ),
    ("fields: {a: x, b: {boolean: {field: a}}}", "5:37: ", "\"a\" is no number"),
    ("fields: {a: 1}\noutcomes: {fields: {t: {time: rfc3339}}}", "6:11: ", "\"after\" is missing"),
    (
      "fields: {a: x}\noutcomes: {after: {field: a, unit: d}, fields: {b: 1}}",
      "6:27: ", "\"a\" is no number"
    ),
    (
      "fields: {a: {exponential: {mean: 1}}}\n"
        + "outcomes: {after: {field: a, unit: w}, fields: {b: 1}}",
      "6:36: ", "unknown value \"w\""
    ),
    (
      "fields: {a: {exponential: {mean: 1}}}\n"
        + "outcomes: {after: {field: a, unit: d}, fields: {b: {field: c}}}",
      "6:60: ", "no field \"c\""
    ),
    (
      "fields: {a: {exponential: {mean: 1}}}\n"
        + "outcomes: {after: {field: a, unit: d}, fields: {b: 1, b.c: 2}}",
      "6:55: ", "cannot stand beside \"b\""
    ),
    (
      "fields: {a: {exponential: {mean: 1}}}\n"
        + "outcomes: {after: {field: a, unit: d}, fields: {b: {field: a, time: rfc3339}}}",
      "6:52: ", "is one thing, got field and time"
    ),
    ("fields: {a: 1}\nchanges: {c: {at: 1m, rate: 2, field: a}}", "6:32: ", "does not go with"),
  ])
  func `a mistake has its place`(text: String, place: String, message: String) throws {
    let found = Self.diagnostics(Self.head + text)
    #expect(found.count == 1, "\(found)")
    let first = try #require(found.first)
    #expect(first.hasPrefix(place), "\(first)")
    #expect(first.contains(message), "\(first)")
  }

  @Test func `all mistakes are found at once`() {
    let found = Self.diagnostics(
      "sead: 1\nstart: yesterday\nduration: 0s\nrate: 10\nfields: {x: {}}\n"
    )
    #expect(found.map { String($0.prefix(4)) } == ["1:1:", "2:8:", "3:11", "4:7:", "5:13"])
  }
}
