import Foundation
import TestSupport
import Testing

/// K9: one field without values costs no other.
@Suite struct ReportedEmptyFieldTests {
  private static let rules = """
      - {alert: OfEmpty, expr: drift(f.empty) > 0.1}
      - {alert: OfBoth, expr: share(unseen(f.country)) > 1% or drift(f.empty) > 0.1}

    """

  /// A monitor that lists a field, and the same with rules on it.
  private static func monitor(_ field: String, rules: String = "") -> String {
    ReportedLog.monitor.replacing("[f.amount, f.country]", with: "[f.amount, f.country, \(field)]")
      + rules
  }

  /// A day with a field as it is written.
  private static func lines(day: Int, _ value: String, country: String = "FR") -> [String] {
    ReportedLog.lines(day: day).map {
      $0.replacing(#""f":{"#, with: #""f":{"empty":\#(value),"#).replacing("FR", with: country)
    }
  }

  @Test(arguments: [
    ("f.empty", "null"), ("f.gone", "null"), ("f.empty", "[1]"),
    ("{field: f.empty, type: number}", #""text""#),
  ])
  func `a listed field without a usable value is said, and the others are watched`(
    field: String,
    value: String
  ) throws {
    let log = try ReportedLog(Self.monitor(field), reference: Self.lines(day: 1, value))
    let name = field.contains("gone") ? "f.gone" : "f.empty"
    #expect(log.profiled.errors.contains("\(name): no value of its type"), "\(log.profiled.errors)")
    let checked = try log.check()
    #expect(checked.code == 0)
    #expect(checked.errors.contains("\(name) is not watched"), "\(checked.errors)")
    #expect(try log.check("--strict").code == 1)
    let outcome = try log.replay(Self.lines(day: 2, "7"), "--report", log.folder.path("r.html"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Cannot be told: \(name): the profile has no usable value"))
    #expect(outcome.output.contains("Of what could be used, 4 signals"), "\(outcome.output)")
    let page = try String(contentsOfFile: log.folder.path("r.html"), encoding: .utf8)
    #expect(page.contains("<strong>\(name)</strong> cannot be told"))
    let lived = try log.run(Self.lines(day: 2, "7"))
    #expect(lived.code == 0)
    #expect(lived.errors.contains("\(name) is not watched"), "\(lived.errors)")
  }

  @Test func `rules on it are said, and say what they can`() throws {
    let log = try ReportedLog(
      Self.monitor("f.empty", rules: Self.rules),
      reference: Self.lines(day: 1, "null")
    )
    let outcome = try log.replay(Self.lines(day: 2, "7", country: "ES"))
    for rule in ["OfEmpty", "OfBoth"] {
      #expect(outcome.errors.contains("rule \(rule): what it asks of f.empty cannot be judged"))
    }
    #expect(outcome.output.contains("OfBoth"), "\(outcome.output)")
    #expect(!outcome.output.contains("warning        1  OfEmpty"), "\(outcome.output)")
  }

  @Test func `a field that the profile is older than is said with its advice`() throws {
    let log = try ReportedLog(reference: Self.lines(day: 1, "7"))
    let newer = Self.monitor("f.empty").replacing(
      "features:",
      with: "segments: [f.country], features:"
    )
    _ = try log.folder.write(newer, as: "monitor.yaml")
    let outcome = try log.replay(Self.lines(day: 2, "7"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("f.empty is not watched"), "\(outcome.errors)")
    #expect(outcome.errors.contains("segment f.country is not in the profile"))
    #expect(outcome.errors.contains("run `leeway profile` again"), "\(outcome.errors)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the reported case watches the others`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k09-all-null-column-stops-all", in: folder).said
    #expect(said.contains("600 predictions in 10 windows") && said.contains("rc=0"), "\(said)")
    #expect(said.contains("features.n is not watched"), "\(said)")
  }
}
