/// How many bytes are read into a chunk, by what the chunks before it held.
struct ChunkSizes {
  /// The most rows of a batch.
  private let rowsPerBatch: Int
  /// The bytes of a chunk where that is not left to the length of lines.
  private let chunkBytes: Int?
  /// How many workers take chunks at a time.
  private let workers: Int
  /// The average length of a line so far: chunks are cut to about a batch of rows.
  ///
  /// The first guess is a short line: the first chunk of a sparse stream has no more panes than those
  /// that follow.
  private var bytesPerLine = 64
  /// Whether the last chunk held so many panes that those of a chunk for each worker would add up.
  ///
  /// It is believed of the first one: otherwise it would be large for each worker before anybody
  /// knows.
  private var isSparse = true

  init(rowsPerBatch: Int, chunkBytes: Int?, workers: Int) {
    precondition(workers > 0, "\(workers) workers")
    self.rowsPerBatch = rowsPerBatch
    self.chunkBytes = chunkBytes
    self.workers = workers
  }

  /// The bytes of a chunk: about a batch of rows, so that a worker rarely waits for another one in
  /// the middle of its chunk, and large enough to make handing it out cheap.
  ///
  /// 8 MiB are half a batch of events with a thousand features. With fewer rows the tables of each
  /// feature's grid are fetched for few values.
  ///
  /// Of a sparse stream all workers together get as much as one would alone: a worker holds the
  /// panes of its chunk until the round ends, and there they cost more than the handing out.
  var target: Int {
    if let chunkBytes { return chunkBytes }
    let whole = min(max(bytesPerLine * (rowsPerBatch - rowsPerBatch / 32), 1 << 16), 1 << 23)
    return isSparse ? whole / workers : whole
  }

  /// Notes how long lines are, and whether they are of many panes.
  mutating func observe(bytes: Int, lines: Int, isSparse: Bool) {
    self.isSparse = isSparse
    guard lines > 0 else { return }
    bytesPerLine = (7 * bytesPerLine + bytes / lines) / 8
  }
}
