public import Events

/// A line that could not be used, with all that is needed to find and mend it.
public struct DeadLetter: Sendable, Equatable {
  /// Why.
  public var reason: Refusal
  /// The source's name, as it was given.
  public var source: String
  /// The line's number, from 1; of a partition's record its offset plus one.
  public var line: Int
  /// The line's first byte in the (decompressed) stream, from 0.
  public var offset: Int
  /// The line's length in bytes.
  public var length: Int
  /// The line's first bytes, as many as the monitor keeps; `nil` when it keeps none.
  public var raw: [UInt8]?
  /// Where the line's syntax is wrong; `nil` where it is refused for something else.
  public var fault: Fault?

  /// A place where the syntax of a line is wrong.
  public struct Fault: Sendable, Equatable {
    /// The byte of the line that cannot stand there, from 0.
    public var byte: Int
    /// What stands there, cut; empty at the line's end, `nil` where nothing of a line is shown.
    public var found: String?

    /// The most bytes of what stands there that are shown.
    public static let foundBytesLimit = 24

    /// A place in a line.
    public init(byte: Int, found: String?) {
      self.byte = byte
      self.found = found
    }
  }

  /// A dead letter.
  public init(
    reason: Refusal,
    source: String,
    line: Int,
    offset: Int,
    length: Int,
    raw: [UInt8]?,
    fault: Fault? = nil
  ) {
    self.reason = reason
    self.source = source
    self.line = line
    self.offset = offset
    self.length = length
    self.raw = raw
    self.fault = fault
  }

  /// Writes the letter as one line.
  public func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("type", "dead_letter")
    json.member("reason", reason.rawValue)
    json.member("source", source)
    if let partition = PartitionName(source) {
      // A record is a line, whose number is the record's offset.
      json.member("topic", partition.topic)
      json.member("partition", partition.number)
      json.member("offset", line - 1)
    } else {
      json.member("line", line)
      json.member("offset", offset)
    }
    json.member("length", length)
    if let raw { json.member("raw", base64: raw) }
    if let fault {
      json.name("fault")
      json.beginObject()
      json.member("byte", fault.byte)
      if let found = fault.found { json.member("found", found) }
      json.endObject()
    }
    json.endObject()
    json.endLine()
  }
}
