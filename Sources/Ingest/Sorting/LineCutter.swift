internal import Connectors
internal import Events
internal import Monitoring
internal import Specification

/// Cuts the chunks of a stream into lines, each with the time that it is sorted by.
///
/// An object that stands over several lines becomes one. Of a line that holds several events the
/// first one's time counts.
struct LineCutter: ~Copyable {
  private var dater: LineDater
  private var pieces: Pieces
  /// How many lines of the stream came before.
  private var number = 0
  /// The time of the last line that has one.
  private var time = Int64.min

  init(_ monitor: Monitor) {
    dater = LineDater(monitor)
    pieces = Pieces(monitor)
  }

  /// The lines of a chunk, in their order.
  ///
  /// - Parameter chunk: The next chunk of the stream.
  /// - Returns: All of its lines, blank ones included; of a stream of objects the objects.
  mutating func lines(of chunk: LineChunk) -> [SortedLine] {
    let isFirst = chunk.isAtStreamStart
    guard chunk.areLines else { return objects(of: chunk) }
    if pieces.isPlain {
      let rows = unsafe chunk.withBytes { unsafe dater.rows(of: $0, isAtStreamStart: isFirst) }
      return cut(chunk, rows.map { ($0.offset, $0.time) })
    }
    return cut(chunk, rewritten(chunk).map { ($0.place.offset, $0.time) })
  }

  /// Cuts a chunk at its newlines.
  private mutating func cut(
    _ chunk: LineChunk,
    _ rows: [(offset: Int, time: Int64?)]
  ) -> [SortedLine] {
    var lines: [SortedLine] = []
    var start = 0
    var row = 0
    while start < chunk.count {
      let end = chunk.newline(from: start) ?? chunk.count
      while row < rows.count, rows[row].offset < end {
        let isFirst = row == 0 || rows[row - 1].offset < start
        if isFirst, let own = rows[row].time { time = own }
        row += 1
      }
      var bytes = chunk.line(at: start, length: end - start)
      if start == 0 { bytes = bytes.dropFirst(chunk.markBytes) }
      let place =
        chunk.places?[lines.count]
        ?? LinePlace(
          line: number + chunk.joinedLines,
          offset: chunk.offset + start,
          uncutLength: chunk.uncutLength
        )
      lines.append(SortedLine(time: time, place: place, bytes: Array(bytes)))
      start = end + 1
      number += 1
    }
    return lines
  }

  /// The objects of a chunk, each a line.
  private mutating func objects(of chunk: LineChunk) -> [SortedLine] {
    let first = number
    var lines: [SortedLine] = []
    var last = -1
    for row in rewritten(chunk) where row.place.offset > last {
      last = row.place.offset
      if let own = row.time { time = own }
      let bytes = chunk.line(at: row.place.offset, length: row.place.length).map { byte in
        byte == 0x0A || byte == 0x0D ? 0x20 : byte
      }
      let place = LinePlace(
        line: first + row.place.line + chunk.joinedLines,
        offset: chunk.offset + row.place.offset,
        uncutLength: chunk.uncutLength
      )
      lines.append(SortedLine(time: time, place: place, bytes: bytes))
    }
    return lines
  }

  /// The rows that are made of a chunk, and the lines of which none is made.
  ///
  /// They are in order of their places; lines are counted from the chunk's first. Of objects the
  /// stream's lines are counted here, too.
  private mutating func rewritten(
    _ chunk: LineChunk
  ) -> [(place: RewrittenLines.Place, time: Int64?)] {
    var rows: [(place: RewrittenLines.Place, time: Int64?)] = []
    var before = 0
    var isLast = false
    pieces.rewriter.begin()
    while !isLast {
      isLast = pieces.next(of: chunk)
      let made = pieces.lines
      let dated = unsafe made.bytes.withUnsafeBytes { bytes in
        unsafe dater.rows(
          of: UnsafeRawBufferPointer(rebasing: bytes[..<made.count]),
          isAtStreamStart: false
        )
      }
      for row in dated {
        guard var place = made.place(at: row.offset) else { continue }
        place.line += before
        rows.append((place, row.time))
      }
      for refused in made.refused {
        let place = RewrittenLines.Place(
          line: refused.line + before,
          offset: refused.offset,
          length: refused.length
        )
        rows.append((place, nil))
      }
      before += made.lines
    }
    if !chunk.areLines { number += before }
    return rows.sorted { $0.place.offset < $1.place.offset }
  }
}
