import Testing

@testable import Trials

/// Latency, failures, KPIs and error budgets are expected as features are.
@Suite struct RuleTestSignalsTests {
  static let monitor = """
    model: payments
    events:
      prediction:
        time: ts
        score: score
        features: [amount]
        latency: {field: latency_ms, unit: ms}
        failure: status != "ok"
    windows: {main: {size: 10m, slide: 1m}}
    slide: 1m
    kpis: {volume: sum(amount)}
    slos:
      - {name: availability, good: status == "ok", objective: 99%, period: 7d}
      - {name: fast, good: latency <= 200ms, objective: 95%, period: 7d}
    rules:
      - {alert: Slow, expr: p99(latency) > 300ms, for: 2m}
      - {alert: BudgetBurn, burn: availability}
      - {alert: Failing, expr: mean(failure) > 5%}
    """

  static let stream = """
    seed: 1
    start: 2026-03-02T00:00:00Z
    duration: 3h
    rate: {mean: 30/m, arrivals: even}
    fields:
      ts: {time: rfc3339}
      amount: {lognormal: {median: 40, sigma: 0.8}, decimals: 2}
      score: {uniform: {from: 0, to: 1}, decimals: 3}
      latency_ms: {lognormal: {median: 40, sigma: 0.4}, decimals: 1}
      status: {category: {ok: 99.9, error: 0.1}}
    changes:
      outage:
        at: 2h
        for: 30m
        effects:
          - {field: latency_ms, multiply: 10}
          - {field: status, shares: {timeout: 30%}}
    """

  @Test func `an outage slows, fails, and burns the budget`() throws {
    var files = RuleTestFiles(
      """
      rule_files: [m.yaml]
      reference_events: {generate: {file: s.stream.yaml, without: all, until: 1h}}
      tests:
        - name: outage
          input_events: {generate: s.stream.yaml}
          alert_rule_test:
            - {eval_time: 2h, alertname: BudgetBurn, exp_state: inactive}
            - eval_time: 2h20m
              alertname: BudgetBurn
              exp_alerts:
                - exp_labels: {slo: availability, severity: page}
                - exp_labels: {slo: availability, severity: ticket}
            - {eval_time: 2h2m, alertname: Slow, exp_state: pending}
            - {eval_time: 2h10m, alertname: Slow, exp_alerts: [{exp_labels: {signal: latency}}]}
            - {eval_time: 2h10m, alertname: Failing, exp_state: firing}
          statistic_test:
            - {eval_time: 2h10m, signal: latency, statistic: p50, exp_value: 0.4, tolerance: 5%}
            - {eval_time: 2h10m, signal: failure, statistic: mean, exp_value: 0.3, tolerance: 0.06}
            - {eval_time: 2h30m, signal: kpis.volume, statistic: value, exp_value: 16000, tolerance: 15%}
            - eval_time: 2h30m
              window: 14m
              signal: slos.availability
              statistic: burn
              exp_value: 30
              tolerance: 15%
            # Windows of the same length are not mixed up.
            - eval_time: 2h30m
              window: 14m
              signal: slos.fast
              statistic: burn
              exp_value: 19.2
              tolerance: 3%
      """,
      monitor: Self.monitor
    )
    files.files["f/s.stream.yaml"] = Self.stream
    let failures = try files.outcomes().flatMap(\.failures).map { [$0.message] + $0.details }
    #expect(failures.isEmpty, "\(failures)")
  }

  @Test func `a budget that is looked for in the wrong place is named with the right ones`() throws
  {
    var files = RuleTestFiles(
      """
      rule_files: [m.yaml]
      reference_events: {generate: {file: s.stream.yaml, without: all, until: 1h}}
      tests:
        - name: mistakes
          input_events: {generate: {file: s.stream.yaml, until: 1h}}
          statistic_test:
            - {eval_time: 1h, window: 14m, signal: slos.fats, statistic: burn, exp_at_least: 0}
            - {eval_time: 1h, window: main, signal: slos.fast, statistic: burn, exp_at_least: 0}
            - {eval_time: 1h, window: 14m, signal: latency, statistic: p50, exp_at_least: 0}
      """,
      monitor: Self.monitor
    )
    files.files["f/s.stream.yaml"] = Self.stream
    let messages = try files.outcomes().flatMap(\.failures).map(\.message)
    try #require(messages.count == 3)
    #expect(messages[0].hasSuffix("no signal \"slos.fats\": did you mean \"slos.fast\"?"))
    #expect(messages[1].contains("slos.fast has windows of its own: use one of "), "\(messages)")
    #expect(messages[2].contains("no signal \"latency\": "), "\(messages)")
  }
}
