import Expressions
import Testing
import YAML

@testable import Specification

/// What `quality` may say.
@Suite struct QualityLoadingTests {
  /// A monitor with outcomes: what its predictions have, and its `quality`.
  private static func text(prediction: String = "decision: d", quality: String) -> String {
    """
    model: m
    events:
      prediction:
        when: kind == "p"
        id: id
        time: ts
        score: s
        \(prediction)
      outcome: {when: kind == "o", id: id, time: ts, label: y}
    quality: \(quality)
    windows: {main: 1h}
    """
  }

  private static func quality(
    prediction: String = "decision: d",
    _ quality: String
  ) -> QualitySpecification? {
    SampleMonitor.load(text(prediction: prediction, quality: quality)).monitor?.quality
  }

  /// Expects that a monitor is refused with words.
  private static func expectRefusal(_ prediction: String, _ quality: String, _ words: String) {
    let (monitor, diagnostics) = SampleMonitor.load(text(prediction: prediction, quality: quality))
    #expect(monitor == nil)
    #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
  }

  @Test(arguments: [
    ("{}", []), ("{top: 100}", [TopPredictions.count(100)]),
    ("{top: 1%}", [.percentage(1)]), ("{top: [100, 0.5%, 100]}", [.count(100), .percentage(0.5)]),
  ])
  func `top is how many predictions, or a list of it`(_ text: String, _ tops: [TopPredictions]) {
    #expect(Self.quality(text)?.top == tops)
  }

  private static let scores = "scores: {cat: p.cat, dog: p.dog}"

  @Test func `several classes are those of a list, or those that have scores`() {
    let listed = Self.quality("{classes: [cat, dog, 3]}")
    #expect(listed?.task == .multiclass && listed?.classes == ["cat", "dog", "3"])
    for quality in ["{}", "{window: 2h}", "{task: multiclass}"] {
      let scored = Self.quality(prediction: Self.scores, quality)
      #expect(scored?.task == .multiclass && scored?.classes == ["cat", "dog"], "\(quality)")
    }
    let binary = Self.quality(prediction: "decision: d\n    " + Self.scores, "{task: binary}")
    #expect(binary?.task == .binary && binary?.classes == [])
    let (monitor, _) = SampleMonitor.load(
      Self.text(prediction: Self.scores, quality: "{}")
        + "\nrules: [{alert: A, expr: recall(classes.cat) < 0.5 and f1(classes.__other__) > 0}]"
    )
    #expect(monitor?.rules.count == 1)
  }

  @Test(arguments: [
    (scores, "{classes: [cat]}", "those of events.prediction.scores, got a list, too"),
    ("scores: {cat: p}", "{}", "events.prediction.scores: 1 classes: write 2 to 64"),
    ("decision: d", "{task: multiclass}", "which classes there are is not said"),
    ("decision: d", "{classes: []}", "quality.classes: 0 classes: write 2 to 64"),
    ("decision: d", "{classes: [a, b, a]}", "\"a\" stands twice"),
    ("decision: d", "{classes: [a, __other__]}", "all classes are called that are not listed"),
    ("version: v", "{classes: [a, b]}", "got no decision in events.prediction: add it, or scores"),
    ("decision: d", "{classes: [a, b], silence: negative, horizon: 1d}", "got task: multiclass"),
    ("decision: d", "{task: binary, classes: [a, b]}", "only several classes have it"),
  ])
  func `classes that cannot be are refused with what to write`(
    _ prediction: String,
    _ quality: String,
    _ words: String
  ) {
    Self.expectRefusal(prediction, quality, words)
  }

  @Test func `a group makes a ranking, of ten places unless top says otherwise`() {
    let standard = Self.quality(prediction: "group: q", "{}")
    #expect(standard?.task == .ranking && standard?.top == [.count(10)])
    let own = Self.quality(prediction: "group: q", "{top: [1, 5], silence: negative, horizon: 1d}")
    #expect(own?.top == [.count(1), .count(5)] && own?.silenceIsNegative == true)
  }

  @Test(arguments: [
    ("group: q", "{top: 1%}", "places of a ranking are counted, got a percentage"),
    ("decision: d", "{task: ranking}", "got no group in events.prediction: add it"),
    ("group: q", "{threshold: 0.5}", "only two classes have it, got task: ranking"),
    ("group: q", "{classes: [a, b], task: ranking}", "only several classes have it"),
  ])
  func `a ranking that cannot be is refused with what to write`(
    _ prediction: String,
    _ quality: String,
    _ words: String
  ) {
    Self.expectRefusal(prediction, quality, words)
  }

  @Test(arguments: [
    ("decision: d", "mae(quality) > 1", "mae(quality) is never known with task: binary"),
    ("group: q", "accuracy(quality) < 0.9", "ask for a measure such as ndcg_at(quality, 10)"),
    (scores, "roc_auc(quality) < 0.9", "is never known with task: multiclass: ask for"),
    ("version: v", "f1(quality) < 0.9", "ask for a measure such as mae(quality)"),
    ("decision: d", "f1(quality) < 0.9 and maturity(quality) > 0.5", nil),
    (scores, "log_loss(quality) > 2 or recall(classes.cat) < 0.5", nil),
    ("group: q", "ndcg_at(quality, 5) < 0.5 and count(quality) > 9", nil),
    ("version: v", "mae(quality) > 1 or early(quality) > 0.1", nil),
  ])
  func `a rule on a measure that the predictions cannot have is warned of`(
    _ prediction: String,
    _ condition: String,
    _ words: String?
  ) {
    let text = Self.text(prediction: prediction, quality: "{}")
    let (monitor, diagnostics) = SampleMonitor.load(
      text + "\nrules: [{alert: A, expr: \"\(condition)\"}]"
    )
    #expect(monitor?.rules.count == 1, "\(diagnostics)")
    let warnings = diagnostics.filter { $0.severity == .warning }
    #expect(warnings.count == (words == nil ? 0 : 1), "\(diagnostics)")
    if let words { #expect(warnings.first?.message.contains(words) == true, "\(diagnostics)") }
  }

  @Test(arguments: [
    ("framing: {cost: {false_positive: 1, false_negative: 1, unit: EUR}}", "task: multiclass"),
    ("baselines: {a: s > 1}", "task: multiclass"),
    ("feedback: {consent: true, rows: true}", "task: multiclass"),
    ("rules: [{alert: A, expr: recall(classes.cow) < 0.5}]", "unknown signal \"classes.cow\""),
  ])
  func `what only two classes have is refused of several`(_ more: String, _ words: String) {
    let text = Self.text(prediction: Self.scores, quality: "{}") + "\n" + more
    let (monitor, diagnostics) = SampleMonitor.load(text)
    #expect(monitor == nil)
    #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
  }

  @Test(arguments: [
    ("{top: many}", "expected how many predictions, got \"many\": write 100 or 1%"),
    ("{top: 0}", "expected how many predictions, got \"0\""),
    ("{top: []}", "the list has 0 items"),
    ("{top: [1, 2, 3, 4, 5, 6, 7, 8, 9]}", "the list has 9 items: write 100 or 1%"),
    ("{task: regression, top: 10}", "only two classes and rankings have it, got task: regression"),
  ])
  func `a quality that cannot be is refused with what to write`(_ text: String, _ words: String) {
    let (monitor, diagnostics) = SampleMonitor.load(Self.text(quality: text))
    #expect(monitor == nil)
    #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
  }
}
