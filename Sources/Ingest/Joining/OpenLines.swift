package import Events
package import Monitoring
package import Sketches

/// What is held of a stream whose lines the container runtime has cut into parts.
///
/// - **Memory**: ``lineLimit`` lines, of each the bytes that a line may have, and two.
package struct OpenLines: Sendable, Equatable {
  /// How many lines of the stream are counted with others, as parts of one.
  package private(set) var joined = 0
  /// The lines whose ends have not come, at most one of each of a container's streams.
  private(set) var lines: [OpenLine] = []

  /// The most lines of a file that are open: a container has two streams, which take turns.
  package static let lineLimit = ContainerLine.Stream.allCases.count

  /// What lines and bytes of a stream can be: sums of them are representable.
  static let numbers = 0...(1 << 50)

  /// Nothing is held.
  package init() {}

  /// Whether no line is open.
  package var isEmpty: Bool { lines.isEmpty }

  /// The bytes that are held.
  var bytes: Int { lines.reduce(0) { $0 + $1.bytes.count } }

  /// Whether a line of a container's stream is open.
  func isOpen(_ stream: ContainerLine.Stream) -> Bool {
    lines.contains { $0.stream == stream }
  }

  /// Takes the next part of a line in.
  ///
  /// - Parameters:
  ///   - part: The part, without its newline.
  ///   - line: What the container runtime says of it.
  ///   - place: Where it stands, with its length where that is cut.
  ///   - lineLimit: The longest line in bytes.
  /// - Returns: The line, where this is its last part.
  mutating func take(
    _ part: ArraySlice<UInt8>,
    _ line: ContainerLine,
    at place: LinePlace,
    lineLimit: Int
  ) -> OpenLine? {
    if line.isPart { joined += 1 }
    guard let index = lines.firstIndex(where: { $0.stream == line.stream }) else {
      lines.append(OpenLine(part, line, at: place, lineLimit: lineLimit))
      return nil
    }
    lines[index].append(part, line, uncutLength: place.uncutLength, lineLimit: lineLimit)
    return line.isPart ? nil : lines.remove(at: index)
  }

  /// Hands over the lines that are open, in the order of their first parts: no more of them comes.
  mutating func takeAll() -> [OpenLine] {
    defer { lines = [] }
    joined -= lines.count
    return lines.sorted { $0.place.line < $1.place.line }
  }

  /// The same without the lines, which nobody goes on with: only the count is left.
  package var withoutLines: OpenLines {
    var counted = self
    counted.lines = []
    return counted
  }

  /// The same with its lines sealed, as a state holds them.
  ///
  /// - Parameter key: What hides people's data; `nil` where nothing does.
  /// - Returns: With the lines as they are where there is no key.
  package func sealed(by key: KeyedHash?) -> OpenLines {
    guard let key else { return self }
    return map { key.sealed($0) }
  }

  /// What was sealed; whoever takes a state up sees to it that the key is the same.
  package func opened(by key: KeyedHash?) -> OpenLines {
    guard let key else { return self }
    return map { key.opened($0) }
  }

  private func map(_ change: ([UInt8]) -> [UInt8]?) -> OpenLines {
    var mapped = self
    mapped.lines = lines.compactMap { line in change(line.bytes).flatMap { line.with($0) } }
    return mapped
  }

  /// The lines as ones that are refused, because nobody goes on with them.
  ///
  /// - Parameters:
  ///   - order: The number of the next chunk over all streams.
  ///   - lineLimit: The longest line in bytes.
  /// - Returns: Each line, with its bytes sealed or not.
  package func refused(order: Int, lineLimit: Int) -> SettledEvents {
    let lines = lines.sorted { $0.place.line < $1.place.line }
    return SettledEvents(
      refused: lines.map { $0.refused(order: order, lineLimit: lineLimit) }
    )
  }
}

extension OpenLines: ByteCodable {
  package func encode(into writer: inout ByteWriter) {
    writer.write(joined)
    writer.write(lines)
  }

  package init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    joined = try reader.read()
    lines = try reader.read()
    guard Self.numbers.contains(joined), lines.count <= Self.lineLimit,
      Set(lines.map(\.stream)).count == lines.count
    else { throw .invalid(offset: start) }
  }
}
