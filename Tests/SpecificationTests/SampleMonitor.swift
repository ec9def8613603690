import YAML

@testable import Specification

/// A monitor file that is right, and the means to make it wrong.
enum SampleMonitor {
  static let text = """
    model: flights
    events:
      prediction:
        when: kind == "prediction"
        id: id
        time: ts
        version: version
        score: score
        decision: prediction
        features: features.*
        segments: [features.origin]
    reference: {profile: flights.profile}
    windows: {fast: 5m, main: 1h}
    slide: 1m
    lateness: 30s
    labels: {team: risk}
    rules:
      - alert: InputDrift
        expr: drift(features.*) > 0.1
        window: main
        for: 5m
        keep_firing_for: 15m
        severity: warning
        confidence: 0.99
        by: [whole, version]
        labels: {area: inputs}
        annotations: {summary: "{{ signal }} has drifted: PSI {{ value }}"}
    dead_letters: {raw: true}
    """

  static func load(
    _ text: String,
    environment: [String: String] = [:]
  ) -> (monitor: Monitor?, diagnostics: [Diagnostic]) {
    Monitor.load(bytes: Array(text.utf8), file: "sample.yaml", environment: environment)
  }
}
