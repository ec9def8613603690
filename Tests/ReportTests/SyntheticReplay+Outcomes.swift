import Records
import Statistics

@testable import Monitoring
@testable import Report

extension SyntheticReplay {
  /// The day before an end, and the one before that, whose outcomes have come since.
  static func quality(end: Int64) -> [MeasuredPart] {
    let day = 24 * hour
    let stages = [(end - day, 0.4, false), (end - 3 * day, 1, true)]
    let parts = [nil, "7", "8"].flatMap { version in stages.map { ($0.0, $0.1, $0.2, version) } }
    return parts.map { start, maturity, isFinal, version in
      let share = 0.9 - Double(start / day % 7) / 100
      func measured(_ signal: String, _ statistic: String, _ value: Double) -> Measurement {
        let value = StatisticValue(value: value, low: value - 0.03, high: value + 0.02, n: 900)
        return Measurement(signal: signal, statistic: statistic, value: value)
      }
      return MeasuredPart(
        model: "payments",
        window: "quality",
        start: start,
        end: start + day,
        version: version,
        stage: QualityStage(
          time: end,
          maturity: maturity,
          revision: isFinal ? 2 : 1,
          isFinal: isFinal
        ),
        measurements: [
          measured("quality", "count", 900), measured("quality", "accuracy", share),
          measured("quality", "roc_auc", share - 0.05), measured("estimate", "accuracy", 0.87),
          measured("labels", "prevalence", isFinal ? 0.11 : 0.05),
          measured("corrected", "prevalence", 0.12), measured("in_flight", "prevalence", 0.13),
        ] + worth(share) + sample
      )
    }
  }

  /// What became of requests.
  private static var sample: [Measurement] {
    [
      ("accuracy", StatisticValue(value: 0.84, low: 0.78, high: 0.89, n: 60)),
      ("response", StatisticValue(value: 0.6, n: 900)),
      ("skipped", StatisticValue(value: 0.05, n: 100)),
    ].map { Measurement(signal: "sample", statistic: $0.0, value: $0.1) }
  }

  /// A request for a label of a prediction.
  static func request(_ reason: String, time: Int64) -> RelabelRequest {
    RelabelRequest(
      id: "rq-\(time)",
      prediction: "1",
      model: "payments",
      version: "7",
      time: time,
      deadline: nil,
      inclusion: 0.1,
      reason: reason,
      policy: "default-1",
      segment: nil,
      features: Array("{}".utf8),
      answer: nil
    )
  }

  /// What the model's decisions are worth beside those of others.
  private static func worth(_ share: Double) -> [Measurement] {
    func money(_ signal: String, _ value: Double) -> Measurement {
      let value = StatisticValue(value: value, low: value - 300, high: value + 400, n: 900)
      return Measurement(signal: signal, statistic: "money", value: value)
    }
    var all = [money("quality", -10_000 * (1 - share))]
    for (name, worth) in [("small", -1500.0), ("always_yes", -22_000), ("always_no", -2400)] {
      all.append(money("baselines.\(name)", worth))
      all.append(money("lift.\(name)", -10_000 * (1 - share) - worth))
      for (signal, value) in [("baselines.\(name)", 0.8), ("lift.\(name)", share - 0.8)] {
        let value = StatisticValue(value: value, low: value - 0.02, high: value + 0.02, n: 900)
        all.append(Measurement(signal: signal, statistic: "accuracy", value: value))
        all.append(Measurement(signal: signal, statistic: "f1", value: value))
      }
    }
    return all
  }

  /// A claim of which 4,499 predictions tell.
  static func claim(_ verdict: String, time: Int64 = start) -> ClaimRecord {
    ClaimRecord(
      time: time,
      model: "payments",
      measure: "accuracy",
      limit: 0.9,
      isError: false,
      start: start,
      end: start + 720 * hour,
      verdict: verdict,
      value: 0.8619804400977995,
      low: 0.8467844612935768,
      high: 0.8757799735773766,
      n: 4499,
      money: -511_200,
      unit: "EUR"
    )
  }

  /// Scores of which the upper half says too much.
  static var scores: ScoreStanding {
    func counts(_ cut: Int) -> ConfusionCounts {
      ConfusionCounts(
        truePositives: 300 - 3 * cut,
        falsePositives: (100 - cut) * (100 - cut) / 10,
        falseNegatives: 3 * cut,
        trueNegatives: 1000 - (100 - cut) * (100 - cut) / 10
      )
    }
    return ScoreStanding(
      start: start,
      end: start + 24 * hour,
      stage: QualityStage(time: start + 72 * hour, maturity: 0.95, revision: 3, isFinal: false),
      confusion: counts(40),
      bins: (0..<10).map { bin in
        ScoreStanding.Bin(
          count: 130,
          positives: 10 * bin,
          meanScore: 0.05 + 0.1 * Double(bin),
          low: max(0, 0.07 * Double(bin) - 0.05),
          high: 0.08 * Double(bin) + 0.08
        )
      },
      cuts: (0..<100).map { cut in
        ScoreStanding.Cut(
          score: Double(cut) / 100,
          counts: counts(cut),
          worth: -Double(abs(cut - 30)) * 200
        )
      },
      optimum: .threshold(
        score: 0.0625,
        probability: 1.0 / 17,
        worth: StatisticValue(value: -9000, low: -9900, high: -8100, n: 1300),
        gain: StatisticValue(value: 1234, low: 400, high: 2068, n: 1300)
      )
    )
  }

  /// How outcomes stand at the end: what is claimed is not so.
  mutating func insertOutcomes(_ windows: Int) {
    guard windows > 48 else { return }
    var output = EngineOutput()
    output.feedback = [
      .claim(Self.claim("undecided")), .claim(Self.claim("fails", time: Self.start + Self.hour)),
    ]
    output.feedback += (0..<30).map { index in
      let time = Self.start + Int64(index) * Self.hour
      return .request(Self.request(index % 3 == 0 ? "uncertain" : "uniform", time: time))
    }
    report.insert(output)
    ending.outcomes = OutcomeStanding(
      tally: OutcomeTally(),
      lastOutcome: Self.start + Int64(windows) * Self.hour,
      newest: nil,
      scores: Self.scores,
      maturity: 0.9,
      claim: Self.claim("fails", time: Self.start + Int64(windows) * Self.hour),
      canaries: [
        CanaryStanding(
          verdict: "continue",
          evidence: RollbackRecord(
            time: Self.start,
            model: "payments",
            canary: "8",
            stable: "7",
            measure: "error",
            difference: -0.004,
            low: -0.03,
            high: 0.02,
            pairs: 1200,
            margin: 0.02,
            risk: 0.05
          )
        )
      ]
    )
  }
}
