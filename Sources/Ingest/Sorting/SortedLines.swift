internal import Connectors
internal import Sketches

/// Sorts the lines of a stream: in memory, or in sorted runs on the disk that are merged.
final class SortedLines {
  /// A sorted run in the temporary file, in blocks that are read one at a time.
  private struct Run {
    var blocks: ArraySlice<Range<Int>>
    /// The lines of the last block that was read, the next one last.
    var lines: [SortedLine] = []
  }

  private let name: String
  private let memory: Int
  private var pending: [SortedLine] = []
  private var pendingCost = 0
  private var file: Optional<SpillFile> = nil
  /// The runs that have lines, the one with the least line last.
  private var runs: [Run] = []
  /// An error that ended the stream: thrown behind its lines.
  var failure: StreamError?

  /// About how many bytes a block of a run has.
  private static let blockBytes = 1 << 16

  /// No lines.
  ///
  /// - Parameters:
  ///   - name: The stream's name, for errors.
  ///   - memory: About how many bytes of lines are held.
  init(name: String, memory: Int) {
    self.name = name
    self.memory = memory
  }

  /// Takes a line in.
  ///
  /// - Parameter line: The line.
  /// - Throws: `StreamError` when the temporary file cannot be written, or is too large.
  func insert(_ line: SortedLine) throws(StreamError) {
    pending.append(line)
    pendingCost += line.cost
    if pendingCost >= memory { try spill() }
  }

  /// No more lines come: from now on they can be had.
  ///
  /// - Throws: as `insert`.
  func close() throws(StreamError) {
    guard file != nil else {
      pending.sort(by: <)
      pending.reverse()
      return
    }
    if !pending.isEmpty { try spill() }
    for index in runs.indices { try refill(&runs[index]) }
    runs.sort(by: Self.comesLater)
  }

  /// The next line in order; `nil` at the end.
  ///
  /// - Throws: `StreamError` when the temporary file cannot be read, or what ended the stream.
  func next() throws(StreamError) -> SortedLine? {
    guard file != nil else {
      if let line = pending.popLast() { return line }
      return try end()
    }
    guard var run = runs.popLast() else { return try end() }
    let line = run.lines.popLast()
    if run.lines.isEmpty { try refill(&run) }
    if !run.lines.isEmpty { runs.insert(run, at: place(of: run)) }
    return line
  }

  /// Whether all lines were handed out.
  var isAtEnd: Bool { pending.isEmpty && runs.isEmpty && failure == nil }

  private func end() throws(StreamError) -> SortedLine? {
    guard let failure else { return nil }
    self.failure = nil
    throw failure
  }

  private static func comesLater(_ left: Run, _ right: Run) -> Bool {
    guard let one = left.lines.last, let other = right.lines.last else { return false }
    return other < one
  }

  /// Where a run belongs among the others.
  private func place(of run: Run) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if Self.comesLater(runs[middle], run) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Writes what is held as a sorted run.
  private func spill() throws(StreamError) {
    pending.sort(by: <)
    var spilled: SpillFile
    if let begun = file.take() { spilled = begun } else { spilled = try SpillFile() }
    var blocks: [Range<Int>] = []
    var writer = ByteWriter(reservingCapacity: Self.blockBytes * 2)
    for (index, line) in pending.enumerated() {
      line.encode(into: &writer)
      guard writer.bytes.count >= Self.blockBytes || index == pending.count - 1 else { continue }
      let start = spilled.count
      try spilled.append(writer.bytes)
      blocks.append(start..<spilled.count)
      writer.removeAll()
    }
    let size = spilled.count
    file = consume spilled
    guard size <= SortLimits.diskBytes else {
      throw .tooLargeToSort(name: name, limit: SortLimits.diskBytes)
    }
    runs.append(Run(blocks: blocks[...]))
    pending.removeAll()
    pendingCost = 0
  }

  /// Reads a run's next block.
  private func refill(_ run: inout Run) throws(StreamError) {
    guard let block = run.blocks.popFirst(), let bytes = try file?.read(block) else { return }
    var reader = ByteReader(bytes)
    do {
      while reader.remaining > 0 { run.lines.append(try SortedLine(from: &reader)) }
    } catch {
      throw .cannotRead(name: "a temporary file", offset: block.lowerBound, errno: 0)
    }
    run.lines.reverse()
  }
}
