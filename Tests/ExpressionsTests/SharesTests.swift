import Testing

@testable import Expressions

/// Shares of events, p-values, and what other tools write for them.
@Suite struct SharesTests {
  private func messages(_ source: String) -> [String] {
    do throws(ExpressionErrors) {
      _ = try WindowExpression.parse(source)
      return []
    } catch {
      return error.diagnostics.map(\.message)
    }
  }

  @Test func `a share is its count divided by the events`() throws {
    let share = try WindowExpression.parse("share(missing(x)) > 5%")
    let quotient = try WindowExpression.parse("missing(x) / count(x) > 5%")
    #expect(share.condition == quotient.condition)
    #expect(share.uses == quotient.uses)
    #expect(share.comparisonBounds == [.bounded(.share(hits: [0], of: 1))])
    let sum = try WindowExpression.parse("share(missing(x) + invalid(x)) > 5%")
    #expect(sum.comparisonBounds == [.bounded(.share(hits: [0, 1], of: 2))])
    let past = try WindowExpression.parse(
      "share(missing(x)) > reference(share(missing(x))) + 5% and change(share(unseen(x)), 1d) > 1"
    )
    #expect(past.uses.count == 7)
  }

  @Test(arguments: [
    ("share(mean(x)) > 5%", "share takes how many events something is true of, got mean(x)"),
    ("share(count(x)) > 5%", "share takes how many events something is true of, got count(x)"),
    ("share(unusable(x)) > 5%", "unusable(x) is a share already"),
    ("share(missing(x) + missing(y)) > 5%", "share takes"),
    ("p_value(drift(x)) < 5%", "p_value takes ks or chi2 of a signal, got drift(x)"),
    ("p_value(mean(x)) < 5%", "p_value takes ks or chi2"),
    ("before(p_value(ks(x)), 1d) < 5%", "no p-value is kept of earlier windows"),
    ("missing(x) > 5%", "write share(missing(x)) > 5%, which is missing(x) / count(x)"),
    ("5% < invalid(x)", "write 5% < share(invalid(x))"),
    ("missing(x) + invalid(x) > 5%", "write share(missing(x) + invalid(x)) > 5%"),
    ("missing(x) > reference(missing(x)) + 5%", "write share(reference(missing(x))) + 5%"),
    ("count(x) > 5%", "count(x) is a count, got the percentage 5%: write a whole number"),
    ("distinct(x) < 10%", "write a whole number"),
  ])
  func `what is no share is refused`(source: String, message: String) {
    let all = messages(source)
    #expect(all.contains { $0.contains(message) }, "\(all)")
  }

  @Test(arguments: [
    "missing(x) / count(x) > 5%", "missing(x) > 5% * count(x)", "unusable(x) > 5%",
    "change(count(x), 1d) < -20%", "p_value(ks(x)) < 5%", "mean(x) > 5%", "missing(x) > 5",
  ])
  func `what is one is not`(source: String) { #expect(messages(source) == []) }

  @Test(arguments: [
    ("median(x) > 1", "write \"p50\""), ("avg(x) > 1", "write \"mean\""),
    ("stddev(x) > 1", "write \"std\""), ("quantile(0.9, x) > 1", "p50, p90, p95 and p99"),
    ("p999(x) > 1", "p50, p90, p95 and p99"), ("p75(x) > 1", "p50, p90, p95 and p99"),
    ("missing_rate(x) > 1", "write share(missing(x))"),
    ("drift(x) > 0.1 for 5m", "\"for\" is a key of the rule"),
  ])
  func `the names of other tools are told what they are here`(source: String, advice: String) {
    let all = messages(source)
    #expect(all.count == 1 && all[0].contains(advice), "\(all)")
  }

  @Test(arguments: [
    ("ks(x) < 0.05", [DoubtfulComparison.Doubt.smallDistance]),
    ("0.01 > chi2(x)", [.smallDistance]), ("psi(x) <= 0.1", [.smallDistance]),
    ("missing(x) > 0.05", [.partOfAnEvent]), ("0.5 <= unseen(x)", [.partOfAnEvent]),
    ("p_value(ks(x)) < 0.05", []), ("ks(x) > 0.05", []), ("not (ks(x) < 0.05)", []),
    ("missing(x) > 0", []), ("missing(x) > 1.5", []), ("mean(x) > 0.05", []),
  ])
  func `a comparison that is probably not meant is doubted`(
    source: String,
    doubts: [DoubtfulComparison.Doubt]
  ) throws {
    #expect(try WindowExpression.parse(source).doubtful.map(\.doubt) == doubts)
  }

  @Test func `refused lines have a count, a rate and a share`() throws {
    for good in ["count(refused)", "rate(refused.late)", "mean(refused)", "mean(refused.syntax)"] {
      #expect(messages("\(good) > 5") == [])
    }
    #expect(messages("drift(refused) > 1")[0].contains("write mean(refused)"))
    #expect(messages("mean(refused) > reference(mean(refused))")[0].contains("the reference knows"))
    #expect(messages("drift(refused.other) > 1") == [])
  }

  @Test func `a p-value is asked for beside its statistic`() throws {
    let rule = try WindowExpression.parse("p_value(ks(x)) < 0.05 and ks(x) > 0.1")
    #expect(rule.uses.map(\.isPValue) == [true, false])
    #expect(rule.needsReference && rule.foregone.isEmpty)
    let verdict = rule.evaluate(signal: nil) { $0.isPValue ? 0.01 : 0.2 }
    #expect(verdict.holds == true)
    #expect(try WindowExpression.parse("p_value(chi2(x)) > 1").foregone.count == 1)
  }
}
