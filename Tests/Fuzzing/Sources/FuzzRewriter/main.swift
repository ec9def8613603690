import Events
import FuzzSupport

// Any bytes are taken apart without a trap or a read out of bounds: rows are whole lines, their
// places are in the input, in order, and where a chunk ends changes nothing. What a container runtime
// says of a line stands in that line.

/// What was made of an input, in a form that can be compared.
private struct Rewritten: Equatable {
  var rows: [UInt8] = []
  var places: [Int] = []
  var lines: [Int] = []
  var refused: [Int] = []
  var lineCount = 0
}

private let paths = [["log"], ["log", "x"], ["x"], ["x", "data"]].map { FieldPath($0) }

private let shapes = [
  EventShape(),
  EventShape(prefix: .text, wrapped: [WrappedField(path: paths[0])]),
  EventShape(prefix: .cri, batches: [paths[2], paths[1]]),
  EventShape(
    prefix: .compose,
    wrapped: [WrappedField(path: paths[1], encoding: .base64), WrappedField(path: paths[0])],
    batches: [paths[3], paths[1]]
  ),
]

private func rewrite(
  _ bytes: [UInt8],
  _ shape: EventShape,
  areLines: Bool,
  cuts: [Int]
) -> Rewritten {
  var rewriter = EventRewriter(
    shape,
    reading: EventRewriter.Reading(
      id: FieldPath(["id"]),
      numbersRows: true,
      paths: [paths[1]],
      json: .lenient
    ),
    limits: DecodingLimits(lineBytes: 4096, nesting: 16)
  )
  var rows = RewrittenLines()
  var result = Rewritten()
  var start = 0
  for cut in cuts + [bytes.count] where cut > start {
    let chunk = Array(bytes[start..<cut]) + [UInt8](repeating: 0x7B, count: EventDecoder.padding)
    rewriter.begin()
    var isLast = false
    while !isLast {
      isLast = unsafe chunk.withUnsafeBytes { all in
        let part = unsafe UnsafeRawBufferPointer(rebasing: all[..<(cut - start)])
        return unsafe rewriter.next(
          of: part,
          atStreamStart: start == 0,
          areLines: areLines,
          into: &rows
        )
      }
      let made = rows.bytes[..<rows.count]
      require(made.isEmpty || made.last == 0x0A, "rows are whole lines")
      require(made.count { $0 == 0x0A } == rows.rows, "a row is a line")
      var offset = 0
      for row in made.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
        guard let place = rows.place(at: offset) else { break }
        require(place.offset + place.length <= cut - start, "the place is in the input")
        result.places.append(start + place.offset)
        result.lines.append(result.lineCount + place.line)
        offset += row.count + 1
      }
      result.rows += made
      result.refused += rows.refused.map { start + $0.offset }
      result.lineCount += rows.lines
    }
    start = cut
  }
  require(result.places == result.places.sorted(), "rows are in the input's order")
  require(result.lines == result.lines.sorted(), "lines are in the input's order")
  return result
}

/// Where the input can be cut between lines, or between objects.
private func cuts(_ bytes: [UInt8], areLines: Bool) -> [Int] {
  if areLines { return bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 } }
  var scanner = ObjectScanner()
  var ends: [Int] = []
  unsafe bytes.withUnsafeBytes { all in
    for count in 1...max(1, all.count) where count <= all.count {
      let part = unsafe UnsafeRawBufferPointer(rebasing: all[..<count])
      if let end = unsafe scanner.end(in: part, from: count - 1) { ends.append(end) }
    }
  }
  return ends
}

/// Visits the lines of an input, as those of a container's log.
private func visit(_ text: [UInt8]) {
  var next = 0
  unsafe text.withUnsafeBytes { all in
    unsafe ContainerLine.visit(all) { range, line in
      require(range.lowerBound == next, "lines follow each other")
      next = range.upperBound + 1
      let bytes = Array(text[range])
      let alone = unsafe bytes.withUnsafeBufferPointer { unsafe ContainerLine($0) }
      require(alone == line, "a line says the same alone")
      guard let line else { return true }
      require(line.text <= bytes.count && line.tag < line.text, "the text is in the line")
      require(bytes[line.tag] == UInt8(ascii: line.isPart ? "P" : "F"), "the tag is its own")
      let words = bytes.prefix(line.text).split(separator: 0x20)
      require(words.count == 3, "a time, a stream and tags are before the text")
      require(words[1].elementsEqual("\(line.stream)".utf8), "the stream is named")
      return true
    }
  }
  require(next >= text.count, "all lines are visited")
}

runFuzzer { bytes, count in
  let text = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  visit(text)
  for shape in shapes {
    for areLines in [true, false] {
      let whole = rewrite(text, shape, areLines: areLines, cuts: [])
      let cut = rewrite(text, shape, areLines: areLines, cuts: cuts(text, areLines: areLines))
      require(cut == whole, "where chunks end changes nothing")
    }
  }
  _ = StreamLayout.decide(text, isAll: true)
  _ = StreamContainer(text)
  return 0
}
