public import Events

/// Why bytes could not be read from a source or written to an output.
public enum StreamError: Error, Equatable {
  /// The system refused to open a file; `errno` says why.
  case cannotOpen(path: String, errno: Int32)
  /// A read failed at the given byte of the (decompressed) stream.
  case cannotRead(name: String, offset: Int, errno: Int32)
  /// A write failed.
  case cannotWrite(name: String, errno: Int32)
  /// Compressed bytes are damaged or end too early, at the given byte of the decompressed stream.
  case damagedCompression(name: String, format: String, offset: Int)
  /// A packed file that is to be added to does not hold what its name says.
  case notAppendable(path: String, format: String)
  /// Sorting a stream would take more room on the disk than it may.
  case tooLargeToSort(name: String, limit: Int)
  /// The stream holds something else than JSON.
  case container(name: String, StreamContainer)
  /// Memory for a decompressor could not be had.
  case noDecompressor(format: String)
  /// A Kafka cluster, or the way there, refused something.
  case kafka(KafkaFailure)
  /// A store of rows on the disk refused something.
  case store(folder: String, reason: String)
}

extension StreamError: CustomStringConvertible {
  /// One line: where, what, why.
  public var description: String { visible(words) }

  private var words: String {
    switch self {
    case .cannotOpen(let path, let code):
      "\(path): cannot open: \(systemMessage(code))"
    case .cannotRead(let name, let offset, let code):
      "\(name == "-" ? "standard input" : name): cannot read after byte \(offset): "
        + systemMessage(code)
    case .cannotWrite(let name, let code):
      "\(name == "-" ? "standard output" : name): cannot write: \(systemMessage(code))"
    case .damagedCompression(let name, let format, let offset):
      "\(name): damaged or cut \(format) data after \(offset) decompressed bytes: "
        + "what came before it was read; fetch the file again"
    case .notAppendable(let path, let format):
      "\(path): not \(format) data, or damaged: move it away, and a new file is begun"
    case .tooLargeToSort(let name, let limit):
      "\(name == "-" ? "standard input" : name): sorting it takes more than \(limit >> 30) GiB of "
        + "temporary files: cut it into parts by day, and give them as files of their own"
    case .container(let name, let container):
      "\(name == "-" ? "standard input" : name): this is \(container.rawValue), got no JSON: "
        + "\(container.command(name)) | leeway … - reads it as JSON lines"
    case .noDecompressor(let format):
      "cannot start the \(format) decompressor: out of memory"
    case .kafka(let failure):
      failure.description
    case .store(let folder, let reason):
      "\(folder): cannot keep waiting predictions on the disk: \(reason)"
    }
  }
}
