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

  @Test(arguments: [
    ("{}", []), ("{top: 100}", [TopPredictions.count(100)]),
    ("{top: 1%}", [.percentage(1)]), ("{top: [100, 0.5%, 100]}", [.count(100), .percentage(0.5)]),
  ])
  func `top is how many predictions, or a list of it`(_ text: String, _ tops: [TopPredictions]) {
    #expect(Self.quality(text)?.top == tops)
  }

  @Test(arguments: [
    ("{top: many}", "expected how many predictions, got \"many\": write 100 or 1%"),
    ("{top: 0}", "expected how many predictions, got \"0\""),
    ("{top: []}", "the list has 0 items"),
    ("{top: [1, 2, 3, 4, 5, 6, 7, 8, 9]}", "the list has 9 items: write 100 or 1%"),
    ("{task: regression, top: 10}", "quality.top: only classes have it, got task: regression"),
  ])
  func `a quality that cannot be is refused with what to write`(_ text: String, _ words: String) {
    let (monitor, diagnostics) = SampleMonitor.load(Self.text(quality: text))
    #expect(monitor == nil)
    #expect(diagnostics.contains { $0.message.contains(words) }, "\(diagnostics)")
  }
}
