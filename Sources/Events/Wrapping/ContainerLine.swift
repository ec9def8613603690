internal import CVector

/// What Kubernetes' container runtime says before the text of a line, and where the text begins.
///
///     2026-01-31T12:00:00.000000000Z stdout P {"ts": …
///     time, RFC 3339                 stream tags text
///
/// One space stands behind each; the tags have colons between them. The first one is `F` where the
/// line that the container has written ends here, and `P` where more of it comes in a later line.
///
/// - **Source**: Kubernetes, design proposal "CRI: Log management for container stdout/stderr
///   streams", and `pkg/kubelet/kuberuntime/logs`.
public struct ContainerLine: Sendable, Equatable {
  /// Where the container has written to.
  public enum Stream: UInt8, Sendable, CaseIterable {
    /// Its standard output.
    case stdout
    /// Its standard error.
    case stderr
  }

  /// The stream: lines of the two take turns in one file, and their parts, too.
  public let stream: Stream
  /// Whether more of the text comes in a later line.
  public let isPart: Bool
  /// Where the first tag stands.
  public let tag: Int
  /// Where the text begins.
  public let text: Int

  /// The fewest and the most bytes of a time: seconds of UTC, nanoseconds with an offset.
  private static let timeBytes = 20...35

  /// Reads the beginning of a line; `nil` of one that no container runtime has written.
  public init?(_ line: UnsafeBufferPointer<UInt8>) {
    guard line.count > Self.timeBytes.lowerBound + 8, let base = line.baseAddress,
      unsafe base[4] == UInt8(ascii: "-") && base[10] == UInt8(ascii: "T")
        && base[13] == UInt8(ascii: ":"),
      unsafe !Self.hasSpace(leeway_load64(base)) && !Self.hasSpace(leeway_load64(base + 8))
        && !Self.hasSpace(leeway_load64(base + 12))
    else { return nil }
    var space = Self.timeBytes.lowerBound
    let last = min(Self.timeBytes.upperBound, line.count - 9)
    while unsafe base[space] > Byte.space {
      space += 1
      guard space <= last else { return nil }
    }
    // The name is behind the space, and a space behind the name.
    switch unsafe leeway_load64(base + space) {
    case Self.outWord: stream = .stdout
    case Self.errWord: stream = .stderr
    default: return nil
    }
    tag = space + 8
    switch unsafe base[tag] {
    case UInt8(ascii: "P"): isPart = true
    case UInt8(ascii: "F"): isPart = false
    default: return nil
    }
    var end = tag + 1
    if end < line.count, unsafe base[end] == Byte.colon {
      while end < line.count, unsafe base[end] > Byte.space { end += 1 }
    }
    // Behind the tags of a line of no text there may be no space.
    guard end < line.count, unsafe base[end] != Byte.carriageReturn else {
      text = end
      return
    }
    guard unsafe base[end] == Byte.space else { return nil }
    text = end + 1
  }

  /// The same of an array's bytes.
  init?(_ line: ArraySlice<UInt8>) {
    let read = unsafe line.withUnsafeBufferPointer { unsafe ContainerLine($0) }
    guard let read else { return nil }
    self = read
  }

  /// Whether one of eight bytes is a space or a control character.
  private static func hasSpace(_ word: UInt64) -> Bool {
    (word &- 0x2121_2121_2121_2121) & ~word & 0x8080_8080_8080_8080 != 0
  }

  /// The names with the spaces around them, the first byte lowest.
  private static var outWord: UInt64 { 0x2074_756F_6474_7320 }
  private static var errWord: UInt64 { 0x2072_7265_6474_7320 }

  /// Visits the lines of some bytes, in order.
  ///
  /// - Parameters:
  ///   - bytes: Lines, of which the last one may lack its newline.
  ///   - start: Where the first one begins.
  ///   - body: Receives where a line stands, without its newline, and what the container runtime
  ///     says of it; answers whether to go on.
  public static func visit(
    _ bytes: UnsafeRawBufferPointer,
    from start: Int = 0,
    _ body: (Range<Int>, ContainerLine?) -> Bool
  ) {
    let bytes = unsafe bytes.assumingMemoryBound(to: UInt8.self)
    guard let base = bytes.baseAddress else { return }
    var start = start
    while start < bytes.count {
      let newline = unsafe leeway_newline(base + start, bytes.count - start)
      let end = unsafe newline.map { unsafe $0 - base } ?? bytes.count
      let line = unsafe UnsafeBufferPointer(rebasing: bytes[start..<end])
      guard unsafe body(start..<end, ContainerLine(line)) else { return }
      start = end + 1
    }
  }
}
