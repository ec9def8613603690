/// What holds events otherwise than as JSON, as a stream's first bytes say.
public enum StreamContainer: String, Sendable, CaseIterable {
  case zip = "a zip archive"
  case bzip2 = "bzip2 data"
  case xz = "xz data"
  case lz4 = "lz4 data"
  case tar = "a tar archive"
  case parquet = "a Parquet file"
  case avro = "an Avro file"
  case orc = "an ORC file"
  case utf16 = "UTF-16 text"
  case returns = "lines that end with a carriage return alone"
  case sequence = "JSON text sequences (RFC 7464)"
  case serverSent = "server-sent events"
  case commas = "JSON objects with a comma behind each"
  case python = "dictionaries as Python prints them"
  case csv = "comma-separated values"
  case tsv = "tab-separated values"

  /// A command that makes JSON lines of it.
  ///
  /// - Parameter name: The file; `-` is standard input.
  /// - Returns: The command, which writes to standard output.
  public func command(_ name: String) -> String {
    let file = name == "-" ? "" : " " + name
    let input = name == "-" ? "" : " < " + name
    return switch self {
    case .zip: "unzip -p\(file)"
    case .bzip2: "bzcat\(file)"
    case .xz: "xzcat\(file)"
    case .lz4: "lz4 -dc\(file)"
    case .tar: "tar -xO -f\(file)"
    case .parquet: "duckdb -c \"COPY (FROM '\(name)') TO '/dev/stdout' (FORMAT json)\""
    case .avro: "avro-tools tojson\(file)"
    case .orc: "orc-contents\(file)"
    case .utf16: "iconv -f UTF-16 -t UTF-8\(file)"
    case .returns: "tr '\\r' '\\n'\(input)"
    case .sequence: "tr -d '\\036'\(input)"
    case .serverSent: "sed -n 's/^data: *//p'\(file)"
    case .commas: "sed 's/,[[:space:]]*$//'\(file)"
    case .python:
      "python3 -c 'import ast,json,sys; [print(json.dumps(ast.literal_eval(x))) for x in sys.stdin]'"
        + input
    case .csv:
      "python3 -c 'import csv,json,sys; [print(json.dumps(x)) for x in csv.DictReader(sys.stdin)]'"
        + input
    case .tsv:
      "python3 -c 'import csv,json,sys; [print(json.dumps(x)) for x in "
        + "csv.DictReader(sys.stdin, delimiter=\"\\t\")]'" + input
    }
  }

  /// What a stream is that begins so; `nil` where it may be JSON.
  ///
  /// - Parameter head: Its first bytes, at most ``StreamLayout/headBytes`` are looked at.
  public init?(_ head: some Collection<UInt8>) {
    let head = Array(head.prefix(StreamLayout.headBytes))
    guard let found = Self.magic(head) ?? Self.text(head) else { return nil }
    self = found
  }

  private static func magic(_ head: [UInt8]) -> StreamContainer? {
    let known: [(StreamContainer, [UInt8])] = [
      (.zip, [0x50, 0x4B, 0x03, 0x04]), (.bzip2, [0x42, 0x5A, 0x68]),
      (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), (.lz4, [0x04, 0x22, 0x4D, 0x18]),
      (.parquet, Array("PAR1".utf8)), (.avro, Array("Obj\u{1}".utf8)), (.orc, Array("ORC".utf8)),
      (.utf16, [0xFF, 0xFE]), (.utf16, [0xFE, 0xFF]), (.sequence, [0x1E]),
    ]
    if let found = known.first(where: { head.starts(with: $0.1) }) { return found.0 }
    if head.dropFirst(257).starts(with: "ustar".utf8) { return .tar }
    // Each letter of ASCII has a zero beside it.
    let isWide =
      head.count >= 4 && (head[0] == 0) != (head[1] == 0) && head[0] == head[2]
      || head.count >= 4 && head[1] == 0 && head[3] == 0 && head[0] != 0
    return isWide ? .utf16 : nil
  }

  /// What all whole lines are.
  private static func text(_ head: [UInt8]) -> StreamContainer? {
    if !head.contains(Byte.newline), let end = head.firstIndex(of: Byte.carriageReturn),
      head[end...].first(where: { $0 > Byte.space }) == Byte.openObject, head[0] == Byte.openObject
    {
      return .returns
    }
    guard let end = head.lastIndex(of: Byte.newline) else { return nil }
    let lines = head[..<end].split(separator: Byte.newline).map(trimmed).filter { !$0.isEmpty }
    guard lines.count >= 2 else { return nil }
    if lines.allSatisfy({ line in fields.contains { line.starts(with: $0.utf8) } }) {
      return .serverSent
    }
    if lines.allSatisfy({ $0.first == Byte.openObject }) {
      let others = lines.dropLast()
      if others.allSatisfy({ $0.suffix(2).elementsEqual([Byte.closeObject, Byte.comma]) }) {
        return .commas
      }
      return lines.allSatisfy { $0.dropFirst().first == 0x27 } ? .python : nil
    }
    // A prefix may stand before an object.
    guard !lines.contains(where: { $0.contains(Byte.openObject) || $0.first == Byte.openArray })
    else { return nil }
    for (container, separator) in [(StreamContainer.csv, Byte.comma), (.tsv, Byte.tab)] {
      let counts = lines.map { commas(in: $0, separator) }
      if counts[0] > 0, counts.allSatisfy({ $0 == counts[0] }) { return container }
    }
    return nil
  }

  /// What lines of server-sent events begin with.
  private static let fields = ["data:", "event:", "id:", "retry:", ":"]

  private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line.drop { $0 <= Byte.space }
    while let last = line.last, last <= Byte.space { line.removeLast() }
    return line
  }

  /// The separators outside double quotes.
  private static func commas(in line: ArraySlice<UInt8>, _ separator: UInt8) -> Int {
    var isQuoted = false
    return line.reduce(0) { count, byte in
      if byte == Byte.quote { isQuoted.toggle() }
      return count + (byte == separator && !isQuoted ? 1 : 0)
    }
  }
}
