import Foundation
import TestSupport
import Testing

/// K20: a count is compared with no percentage.
@Suite struct ReportedShareTests {
  private static let reported =
    "is a count, got the percentage 5%: write share(missing(f.amount)) > 5%"

  @Test func `a count beside a percentage is refused at its place`() throws {
    let rule = "  - {alert: Missing, expr: missing(f.amount) > 5%}\n"
    let checked = try ReportedLog(ReportedLog.monitor + rule).check()
    #expect(checked.code == 1)
    #expect(checked.errors.contains(Self.reported), "\(checked.errors)")
    #expect(checked.errors.contains("monitor.yaml:10:48: "), "\(checked.errors)")
  }

  @Test func `a share and a p-value are what rules get of them`() throws {
    let rules = """
        - {alert: Missing, expr: share(missing(f.country)) > 5%}
        - {alert: Moved, expr: p_value(ks(f.amount)) < 0.01}

      """
    let log = try ReportedLog(ReportedLog.monitor + rules)
    let calm = try log.replay(ReportedLog.lines(day: 2))
    #expect(calm.output.contains("no alert fired"), "\(calm.output)")
    let lines = ReportedLog.lines(day: 2).enumerated().map { index, line in
      line.replacing(/"amount":[0-9.]+/, with: #""amount":99"#)
        .replacing("FR", with: index % 2 == 0 ? "FR" : "null").replacing(#""null""#, with: "null")
    }
    let said = try log.replay(lines).output
    #expect(said.contains("Missing") && said.contains("Moved"), "\(said)")
  }

  @Test(.enabled(if: ReportedCase.folder != nil))
  func `the reported case is refused with the right form`() throws {
    let folder = try #require(ReportedCase.folder)
    let said = try ReportedCase("k20-missing-greater-5-percent", in: folder).said
    #expect(said.contains("write share(missing(features.*)) > 5%"), "\(said)")
    #expect(said.contains("write share(unseen(features.country)) > 1%"), "\(said)")
    #expect(said.contains("rc=1"), "\(said)")
  }
}
