import Records
import Testing

@testable import Monitoring

/// The life of an alert against the semantics of Prometheus' alerting rules.
@Suite struct AlertStateTests {
  /// A history: one letter a minute, and what is expected to be entered at each.
  ///
  /// Conditions: `+` holds, `-` does not, `?` unknown. Entered: `p`ending, `f`iring, `r`esolved,
  /// `.` nothing.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var holdFor = 0
    var keepFor = 0
    var conditions: String
    var entered: String

    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "never", conditions: "----", entered: "...."),
    Case(name: "fires at once without for", conditions: "+", entered: "f"),
    Case(name: "fires once", conditions: "+++++", entered: "f...."),
    Case(name: "resolves at once without keep", conditions: "+-", entered: "fr"),
    Case(name: "fires again", conditions: "+-+-", entered: "frfr"),
    Case(name: "waits for for", holdFor: 3, conditions: "+++++", entered: "p..f."),
    Case(name: "for is reached, not passed", holdFor: 1, conditions: "++", entered: "pf"),
    Case(name: "a break starts over", holdFor: 2, conditions: "++-+++", entered: "p..p.f"),
    Case(name: "pending ends without a word", holdFor: 2, conditions: "+--", entered: "p.."),
    Case(name: "keep outlasts a short break", keepFor: 2, conditions: "+-+", entered: "f.."),
    Case(name: "keep ends", keepFor: 2, conditions: "+----", entered: "f..r."),
    Case(name: "keep starts over", keepFor: 2, conditions: "+--+---", entered: "f.....r"),
    Case(name: "keep only after firing", holdFor: 2, keepFor: 5, conditions: "+--", entered: "p.."),
    Case(
      name: "for and keep",
      holdFor: 1,
      keepFor: 1,
      conditions: "++--+++",
      entered: "pf.rpf."
    ),
    Case(name: "unknown keeps firing", conditions: "+???-", entered: "f...r"),
    Case(name: "unknown keeps pending", holdFor: 2, conditions: "+?+", entered: "p.f"),
    Case(name: "unknown starts nothing", conditions: "???", entered: "..."),
    Case(
      name: "unknown does not end the keeping",
      keepFor: 3,
      conditions: "+-??-",
      entered: "f...r"
    ),
  ]

  @Test(arguments: cases) func `phases are entered as Prometheus enters them`(_ given: Case) {
    var state = AlertState()
    var entered = ""
    for (minute, condition) in given.conditions.enumerated() {
      let phase = state.evaluate(
        holds: condition == "?" ? nil : condition == "+",
        at: Int64(minute) * 60,
        holdDuration: Int64(given.holdFor) * 60,
        keepFiringFor: Int64(given.keepFor) * 60
      )
      switch phase {
      case nil: entered += "."
      case .pending?: entered += "p"
      case .firing?: entered += "f"
      case .resolved?: entered += "r"
      case .inactive?: entered += "!"
      }
    }
    #expect(entered == given.entered)
  }

  @Test func `an alert remembers when it began and when it fired`() {
    var state = AlertState()
    for time in [100, 160, 220] as [Int64] {
      _ = state.evaluate(holds: true, at: time, holdDuration: 120, keepFiringFor: 60)
    }
    #expect(state.phase == .firing)
    #expect(state.activeAt == 100)
    #expect(state.firedAt == 220)
    _ = state.evaluate(holds: false, at: 280, holdDuration: 120, keepFiringFor: 60)
    #expect(state.keepFiringSince == 280)
    #expect(state.activeAt == 100)
    _ = state.evaluate(holds: false, at: 340, holdDuration: 120, keepFiringFor: 60)
    #expect(state == AlertState())
  }

  @Test func `a fingerprint is that of the labels, whatever their order, and stays the same`() {
    let labels = ["alertname": "Drift", "signal": "score", "window": "hour"]
    let same = Dictionary(uniqueKeysWithValues: labels.sorted { $0.key > $1.key })
    #expect(Alert.fingerprint(labels) == Alert.fingerprint(same))
    // Names and values are told apart: {a: bc} is not {ab: c}.
    #expect(Alert.fingerprint(["a": "bc"]) != Alert.fingerprint(["ab": "c"]))
    #expect(Alert.fingerprint([:]) == "2d06800538d394c2")
    #expect(Alert.fingerprint(labels).count == 16)
  }
}
