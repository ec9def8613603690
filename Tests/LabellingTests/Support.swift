import Labelling
import Records
import TestSupport

/// A request as Leeway writes it.
func request(
  _ id: String = "rq-1",
  prediction: String = "\"50000\"",
  version: String = "\"7\"",
  features: String = #"{"amount":120.5,"country":"DE"}"#,
  answer: String? = nil
) -> String {
  #"{"type":"relabel_request","request_id":"\#(id)","prediction_id":\#(prediction),"#
    + #""model":"car-loan","version":\#(version),"time":"2026-11-28T10:00:00Z","deadline":null,"#
    + #""inclusion_probability":0.031,"reason":"uncertain","policy":"default-1","#
    + #""segment":"features.region=DE","features":\#(features)"#
    + (answer.map { #","model_answer":\#($0)"# } ?? "") + "}"
}

/// What a request holds beside features and answer, as it is written into tasks.
let origin =
  #"{"request_id":"rq-1","prediction_id":"50000","model":"car-loan","version":"7","#
  + #""time":"2026-11-28T10:00:00Z","inclusion_probability":0.031,"reason":"uncertain","#
  + #""policy":"default-1","segment":"features.region=DE","deadline":null}"#

/// A conversion that has ended.
struct Converted: Equatable {
  var output: String
  var findings: [ConversionFinding]
  var tally: FeedbackConversion.Tally

  /// The lines of the output.
  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// The findings' words.
  var messages: [String] { findings.map(\.message) }
}

/// Converts a text, handed over in pieces of at most some bytes.
func convert(
  _ text: String,
  _ tool: LabellingTool,
  _ direction: FeedbackConversion.Direction = .requests,
  names: LabelNames = LabelNames(),
  piece: Int = 1 << 16
) -> Converted {
  convert(Array(text.utf8), tool, direction, names: names, piece: piece)
}

func convert(
  _ bytes: [UInt8],
  _ tool: LabellingTool,
  _ direction: FeedbackConversion.Direction = .requests,
  names: LabelNames = LabelNames(),
  piece: Int = 1 << 16
) -> Converted {
  var conversion = FeedbackConversion(tool, direction, names: names)
  var output: [UInt8] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    conversion.read(rest.prefix(piece), into: &output)
    rest = rest.dropFirst(piece)
  }
  conversion.finish(into: &output)
  return Converted(
    output: String(decoding: output, as: UTF8.self),
    findings: conversion.takeFindings(),
    tally: conversion.tally
  )
}

/// Answers with no time of their own are of 2026-11-29.
let answers = FeedbackConversion.Direction.answers(standardTime: 1_795_910_400_000_000_000)

extension JSONValue {
  init?(_ text: String) { self.init(Array(text.utf8)) }
}

extension SeededGenerator {
  /// A number from 0 to below a limit.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
