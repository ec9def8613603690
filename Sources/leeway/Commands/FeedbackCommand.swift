import Agent
import Arguments
import Connectors
import Events
import Labelling
import Records

/// The command `leeway feedback`.
struct FeedbackCommand: RunnableCommand {
  static let command = Command(
    "leeway feedback",
    abstract:
      "Turn requests for labels into a labelling tool's tasks, and its answers into outcomes.",
    discussion: """
      Without --answers it reads records of the type relabel_request, and writes what the tool \
      imports: Label Studio an array of tasks, Argilla an array of records, Ground Truth a \
      manifest. With --answers it reads what the tool exports, and writes an outcome a line for \
      each answer. What cannot be read is said on standard error and left out, with an exit code \
      of 1 at the end. docs/feedback.md goes through the loop.
      """,
    parameters: [requests, format, answers, output, fromName, toName, time, StreamOptions.quiet]
  )
  private static let requests = Parameter(
    "requests",
    form: .operand,
    kind: .file,
    help: """
      Records of requests (NDJSON, or an array, or objects over many lines; also gzip or zstd), - is \
      standard input. Default: -.
      """
  )
  private static let format = Parameter(
    "format",
    kind: .word(LabellingTool.allCases.map(\.rawValue)),
    valueName: "tool",
    isRequired: true,
    help: "The labelling tool: label-studio, argilla or ground-truth."
  )
  private static let answers = Parameter(
    "answers",
    kind: .file,
    valueName: "export",
    help: """
      What the tool exported (also gzip or zstd), - is standard input: an array, or objects in a \
      line each or over many. Of Label Studio webhook bodies, JSON and JSON_MIN.
      """
  )
  private static let output = Parameter(
    "output",
    "o",
    kind: .file,
    standard: "-",
    help: "Where to write; .gz or .zst at the end packs it. - is standard output."
  )
  private static let fromName = Parameter(
    "from-name",
    valueName: "name",
    standard: LabelNames().control,
    help: """
      What asks for the label: the control of Label Studio, the question of Argilla, the label \
      attribute of Ground Truth.
      """
  )
  private static let toName = Parameter(
    "to-name",
    valueName: "name",
    help: """
      The tag of Label Studio that shows the features. Default: \(LabelNames().object). It stands \
      in tasks that have the model's answer.
      """
  )
  private static let time = Parameter(
    "time",
    help: "With --answers: the time (RFC 3339) of answers that have none. Argilla's have none."
  )

  /// The most findings that are said; further ones are counted.
  static let findingLimit = 100

  private let tool: LabellingTool
  private let direction: FeedbackConversion.Direction
  private let names: LabelNames
  private let input: String
  private let output: String
  private let quiet: Bool

  init(_ values: Values) throws(UsageError) {
    let format = values.required(Self.format)
    guard let tool = LabellingTool(rawValue: format) else {
      preconditionFailure("--format \(format) is none of its words")
    }
    let answers = values.text(Self.answers)
    let requests = values.text(Self.requests)
    let time = values.text(Self.time)
    guard answers == nil || requests == nil else {
      throw Self.command.error("Give requests or --answers, not both.")
    }
    guard time == nil || answers != nil else {
      throw Self.command.error("--time goes with --answers.")
    }
    guard !values.has(Self.toName) || tool == .labelStudio && answers == nil else {
      throw Self.command.error("--to-name goes with requests for label-studio.")
    }
    guard tool != .argilla || answers == nil || time != nil else {
      throw Self.command.error("Argilla's answers have no times: give --time.")
    }
    let standardTime = time.flatMap(Timestamp.parse)
    guard time == nil || standardTime != nil else {
      throw Self.command.error(
        "--time: expected a time such as 2026-11-29T06:00:00Z, got \"\(time ?? "")\"."
      )
    }
    self.tool = tool
    direction = answers == nil ? .requests : .answers(standardTime: standardTime)
    input = answers ?? requests ?? "-"
    output = values.required(Self.output)
    names = LabelNames(
      control: values.required(Self.fromName),
      object: values.text(Self.toName) ?? LabelNames().object
    )
    quiet = values.has(StreamOptions.quiet)
  }

  func run() throws {
    var files = CommandFiles()
    files.read([input], as: direction == .requests ? "the requests" : "the file of --answers")
    files.write(output, as: "--output")
    try files.check()
    var source = try ByteSource(path: input)
    var file = try OutputStream(path: output)
    var conversion = FeedbackConversion(tool, direction, names: names)
    var told = 0
    let failure = try convert(&source, &conversion, into: &file, told: &told)
    try file.finish()
    if let failure { note("\(failure)") }
    if told > Self.findingLimit { note("and \(grouped(told - Self.findingLimit)) more") }
    if !quiet { note(summary(of: conversion.tally)) }
    if told > 0 || failure != nil { throw ExitCode(1) }
  }

  /// Converts all that can be read.
  ///
  /// - Returns: Why the stream ended before its end, where it did: what came before it counts.
  /// - Throws: `StreamError` where the output takes nothing.
  private func convert(
    _ source: inout ByteSource,
    _ conversion: inout FeedbackConversion,
    into file: inout OutputStream,
    told: inout Int
  ) throws(StreamError) -> StreamError? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var converted: [UInt8] = []
    var failure: StreamError?
    var isAtEnd = false
    while !isAtEnd {
      do throws(StreamError) {
        let count = try source.read(into: &buffer)
        isAtEnd = count == 0
        conversion.read(buffer[..<count], into: &converted)
      } catch {
        failure = error
        isAtEnd = true
      }
      if isAtEnd { conversion.finish(into: &converted) }
      try file.write(converted)
      converted.removeAll(keepingCapacity: true)
      for finding in conversion.takeFindings() {
        told += 1
        guard told <= Self.findingLimit else { continue }
        note(finding.words(of: input == "-" ? "standard input" : input))
      }
    }
    return failure
  }

  /// What became of what was read, in one line.
  private func summary(of tally: FeedbackConversion.Tally) -> String {
    let isRequests = direction == .requests
    var parts = [counted(tally.written, isRequests ? "task" : "outcome")]
    if tally.skipped > 0 { parts.append("\(grouped(tally.skipped)) of them skipped") }
    if tally.unanswered > 0 { parts.append("\(grouped(tally.unanswered)) without an answer") }
    if tally.passedOver > 0 { parts.append("\(grouped(tally.passedOver)) passed over") }
    if tally.unusable > 0 { parts.append("\(grouped(tally.unusable)) could not be used") }
    return "\(output): \(parts.joined(separator: ", ")), of \(counted(tally.elements, "element"))"
  }
}
