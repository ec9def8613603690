/// One line's text while it is taken apart: its bytes, a newline, and padding to read.
struct EventText {
  /// The text with its newline and its padding.
  private(set) var bytes: [UInt8] = []
  /// The bytes of the text, without its newline.
  private(set) var count = 0

  /// Holds other bytes from now on.
  mutating func fill(_ text: some Collection<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: text)
    finish()
  }

  /// Holds other bytes, those of several lines as one: white space takes the place of their ends.
  mutating func fillJoined(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    unsafe bytes.append(contentsOf: text)
    for index in bytes.indices where bytes[index] == Byte.newline { bytes[index] = Byte.space }
    finish()
  }

  private mutating func finish() {
    count = bytes.count
    bytes.append(Byte.newline)
    bytes.append(contentsOf: Self.padding)
  }

  private static let padding = [UInt8](repeating: 0, count: EventDecoder.padding)

  /// Leaves out the first bytes of the text.
  mutating func removeFirst(_ length: Int) {
    bytes.removeSubrange(..<length)
    count -= length
  }

  /// Lends the text from its first byte.
  func withStart<R>(_ body: (UnsafePointer<UInt8>) -> R?) -> R? {
    unsafe bytes.withUnsafeBufferPointer { all in
      unsafe all.baseAddress.flatMap { unsafe body($0) }
    }
  }

  /// Lends the text.
  func withLine(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe body(UnsafeBufferPointer(rebasing: $0[..<count]))
    }
  }

  /// The number of white space that the text begins with.
  var spaceCount: Int { bytes.prefix(count).prefix { $0 <= Byte.space }.count }
}
