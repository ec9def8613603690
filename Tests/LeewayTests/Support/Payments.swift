import Foundation
import TestSupport
import Testing

/// The made-up payments that ship with Leeway: profiled once, and their two weeks replayed once with
/// and once without the changes, at the rules that ship.
struct Payments {
  let folder: TemporaryFolder
  let profile: String
  /// What was said of the two weeks.
  let story: Told
  /// What was said of the same weeks with nothing wrong in them.
  let quiet: Told

  static let monitor = Repository.path("rules/payments.yaml")
  static let description = Repository.path("fixtures/payments/payments.stream.yaml")
  /// When the story begins; before it is the reference.
  static let start = "28d"

  static let shared = Result { try Payments() }

  /// What a replay wrote.
  struct Told {
    /// The alerts' file.
    var bytes: Data
    var summary: String
    var alerts: [PaymentAlert] = []
    var incidents: [PaymentIncident] = []

    init(alerts path: String, summary: String) throws {
      bytes = try Data(contentsOf: URL(filePath: path))
      self.summary = summary
      for line in bytes.split(separator: 0x0a) {
        let record = try #require(
          try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        )
        switch record["type"] as? String {
        case "alert": alerts.append(try PaymentAlert(record))
        case "incident": incidents.append(try PaymentIncident(record))
        default: Issue.record("an unknown record: \(record)")
        }
      }
    }
  }

  private init() throws {
    folder = try TemporaryFolder()
    profile = folder.path("profile")
    let reference = folder.path("reference")
    try Self.generate(["--until", Self.start, "--without-changes"], to: reference)
    let outcome = try LeewayProcess.run([
      "profile", "-q", "-m", Self.monitor, reference, "-o", profile,
    ])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    try FileManager.default.removeItem(atPath: reference)
    story = try Self.replayed([], profile, folder)
    quiet = try Self.replayed(["--without-changes"], profile, folder)
  }

  /// Writes payments; the whole six weeks are 240 MB, so nothing is kept that is not needed.
  static func generate(_ options: [String], to path: String) throws {
    let outcome = try LeewayProcess.run(["generate", "-q", description, "-o", path] + options)
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(options): \(outcome.errors)")
  }

  private static func replayed(
    _ options: [String],
    _ profile: String,
    _ folder: TemporaryFolder
  ) throws -> Told {
    let stream = folder.path("stream")
    try generate(["--from", start] + options, to: stream)
    defer { try? FileManager.default.removeItem(atPath: stream) }
    let alerts = folder.path("alerts")
    let outcome = try LeewayProcess.run([
      "replay", "-q", "-m", monitor, "--profile", profile, stream, "--alerts", alerts, "-o",
      folder.path("summary"),
    ])
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return try Told(alerts: alerts, summary: text(of: folder.path("summary")))
  }

  /// The alerts' bytes of a replay of streams at the rules that ship.
  func alerts(of arguments: [String]) throws -> Data {
    let path = folder.path(UUID().uuidString)
    let outcome = try LeewayProcess.run(
      ["replay", "-q", "-m", Self.monitor, "--profile", profile, "--alerts", path] + arguments
    )
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(arguments): \(outcome.errors)")
    return try Data(contentsOf: URL(filePath: path))
  }
}

/// A transition of an alert.
struct PaymentAlert {
  var time: Date
  var state: String
  /// The rule and the labels that tell its alerts apart.
  var name: String
  /// The bins that moved most.
  var moved: [String]
  /// The end of the window.
  var end: Date?
  /// The windows of a burn rule; none of others.
  var burns: [Burn] = []

  /// How a budget burns in one window.
  struct Burn {
    var objective: String
    var window: String
    var rate: Double
    var n: Int
    var bad: Int
  }

  init(_ record: [String: Any]) throws {
    time = try #require(PaymentTime.date(record["time"]))
    state = try #require(record["state"] as? String)
    let labels = try #require(record["labels"] as? [String: String])
    let told = ["severity", "signal", "version", "segment", "slo", "cause"].compactMap { key in
      labels[key].map { "\(key)=\($0)" }
    }
    name = ([try #require(record["alert"] as? String)] + told).joined(separator: " ")
    let evidence = try #require(record["evidence"] as? [String: Any])
    end = PaymentTime.date(evidence["end"])
    moved = (evidence["moved"] as? [[String: Any]] ?? []).compactMap { $0["bin"] as? String }
    guard let budget = evidence["budget"] as? [String: Any] else { return }
    for key in ["long", "short"] {
      let window = try #require(budget[key] as? [String: Any])
      burns.append(
        Burn(
          objective: "slos.\(try #require(budget["slo"] as? String))",
          window: try #require(window["window"] as? String),
          rate: try #require((window["burn"] as? NSNumber)?.doubleValue),
          n: try #require(window["n"] as? Int),
          bad: try #require(window["bad"] as? Int)
        )
      )
    }
  }
}

/// A state of an incident, as one line: what a person sees.
struct PaymentIncident {
  var id: String
  var state: String
  var since: Date
  /// Since when, until when, cause, severity and title.
  var line: String

  init(_ record: [String: Any]) throws {
    id = try #require(record["incident"] as? String)
    state = try #require(record["state"] as? String)
    since = try #require(PaymentTime.date(record["since"]))
    let parts = ["since", "until", "cause", "severity", "title"].map {
      record[$0] as? String ?? "open"
    }
    line = parts.joined(separator: " | ")
  }
}

/// Times of records, and of the stream's file.
enum PaymentTime {
  /// Midnight before the first payment.
  static let zero = Date(timeIntervalSince1970: 1_772_409_600)

  /// The time of a record, to the millisecond.
  static func date(_ value: Any?) -> Date? {
    guard let text = value as? String else { return nil }
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
    return try? style.parse(text)
  }

  /// The seconds of a duration as monitors write it: `30d10h`.
  static func seconds(_ text: some StringProtocol) -> Double? {
    let units: [Character: Double] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
    var total = 0.0
    var digits = ""
    for character in text {
      if character.isNumber {
        digits.append(character)
      } else {
        guard let unit = units[character], let number = Double(digits) else { return nil }
        total += number * unit
        digits = ""
      }
    }
    return digits.isEmpty ? total : nil
  }
}
