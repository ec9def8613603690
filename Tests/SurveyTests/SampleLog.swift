import Events
import Monitoring
import Specification
import TestSupport
import Testing
import YAML

@testable import Survey

/// A survey of lines, with defaults that a test does not want to spell out.
struct SampleLog {
  var survey: LogSurvey

  init(_ lines: [String], limits: SurveyLimits = SurveyLimits()) {
    survey = LogSurvey(limits: limits)
    for line in lines { survey.add(Array(line.utf8)) }
  }

  /// Lines with a time every so many seconds; `members` are the line's others, without braces.
  init(
    _ count: Int = 100,
    every seconds: Double = 60,
    limits: SurveyLimits = SurveyLimits(),
    _ members: (Int) -> String
  ) {
    self.init(
      (0..<count).map { index in
        let time = Int64((1_760_000_000 + Double(index) * seconds) * 1e9)
        return "{\"ts\":\"\(Timestamp.format(time))\",\(members(index))}"
      },
      limits: limits
    )
  }

  static let context = LogSurvey.Context(source: "log.ndjson", profile: "log.profile")

  func findings(kind: String? = nil) throws(SurveyError) -> SurveyFindings {
    var context = Self.context
    context.kind = kind
    return try survey.findings(context)
  }

  func starter() throws(SurveyError) -> StarterMonitor { try survey.starter(Self.context) }

  /// The file, after the loader has accepted it.
  func monitor() throws -> Monitor {
    let text = try starter().text
    let (monitor, diagnostics) = Monitor.load(bytes: Array(text.utf8), file: "m", environment: [:])
    return try #require(monitor, "\(diagnostics)\n\(text)")
  }
}

extension SurveyFindings {
  /// Why a field is no feature; `nil` where it is one or is not there.
  func reason(_ path: String) -> String? {
    features.first { $0.path.description == path && !$0.isKept }?.comment
  }

  var keptPaths: [String] { kept.map(\.path.description) }
}
