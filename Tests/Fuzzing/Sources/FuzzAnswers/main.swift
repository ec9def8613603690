import FuzzSupport
import Labelling

// Any bytes are answers, or requests, or are said not to be: outcomes come out as lines and tasks
// as one array or as lines, and where the bytes were cut changes nothing.

/// What a conversion gave, in a form that can be compared.
private struct Converted: Equatable {
  var output: [UInt8]
  var findings: [ConversionFinding]
  var tally: FeedbackConversion.Tally
}

private func convert(
  _ bytes: [UInt8],
  _ tool: LabellingTool,
  _ direction: FeedbackConversion.Direction,
  piece: Int
) -> Converted {
  var conversion = FeedbackConversion(tool, direction)
  var output: [UInt8] = []
  var rest = bytes[...]
  while !rest.isEmpty {
    conversion.read(rest.prefix(piece), into: &output)
    rest = rest.dropFirst(piece)
  }
  conversion.finish(into: &output)
  return Converted(
    output: output,
    findings: conversion.takeFindings(),
    tally: conversion.tally
  )
}

/// What stands between the newlines.
private func lines(_ output: [UInt8]) -> [ArraySlice<UInt8>] {
  output.split(separator: UInt8(ascii: "\n"))
}

private func check(_ converted: Converted, _ bytes: [UInt8], isArray: Bool) {
  let tally = converted.tally
  require(converted.findings.count == tally.unusable, "what cannot be used is said")
  require(tally.skipped <= tally.written, "what was skipped was written")
  let lineCount = bytes.count { $0 == UInt8(ascii: "\n") } + 1
  for finding in converted.findings {
    require((1...lineCount).contains(finding.line), "line \(finding.line) is in the file")
    require((0...bytes.count).contains(finding.offset), "byte \(finding.offset) is in the file")
    require(!finding.message.isEmpty, "a finding says what is wrong")
  }
  let lines = lines(converted.output)
  if isArray {
    let count = tally.written == 0 ? 1 : tally.written + 2
    require(lines.count == count, "a task a line within the brackets")
    require(lines.first?.first == UInt8(ascii: "["), "an array begins")
    require(lines.last?.last == UInt8(ascii: "]"), "an array ends")
  } else {
    require(lines.count == tally.written, "an outcome, or a task, is a line")
    let areObjects = lines.allSatisfy { $0.first == 0x7B && $0.last == 0x7D }
    require(areObjects, "a line is an object")
  }
}

runFuzzer { bytes, count in
  let text = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  for tool in LabellingTool.allCases {
    for direction in [FeedbackConversion.Direction.requests, .answers(standardTime: 0)] {
      let whole = convert(text, tool, direction, piece: max(1, count))
      check(whole, text, isArray: direction == .requests && tool != .groundTruth)
      for piece in [1, 5] {
        require(
          convert(text, tool, direction, piece: piece) == whole,
          "pieces of \(piece) are alike"
        )
      }
    }
  }
  return 0
}
