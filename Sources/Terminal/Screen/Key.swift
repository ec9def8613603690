/// What a key asks for.
public enum Key: Sendable, Equatable {
  /// `q` or Ctrl-C.
  case quit
  /// Arrow up or `k`.
  case up
  /// Arrow down or `j`.
  case down
  /// Home or `g`.
  case first
  /// End or `G`.
  case last
  /// `s`: another order.
  case sort
  /// `w`: the next kind of window.
  case window
  /// `v`: versions and segments, and back.
  case parts
  /// Enter: look into the signal.
  case enter
  /// Escape: back to the table.
  case back
  /// `p`.
  case pause
  /// `?`.
  case help

  /// The keys that a terminal sent at once; what means nothing is left out.
  ///
  /// - Parameter bytes: What one read gave. An escape sequence that it cuts means nothing; an
  ///   escape alone is the key.
  /// - Returns: The keys in order.
  public static func keys(_ bytes: [UInt8]) -> [Key] {
    var keys: [Key] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      if byte != 0x1b {
        if let key = single(byte) { keys.append(key) }
      } else if rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O") {
        rest.removeFirst()
        let parameters = rest.prefix { (0x20...0x3f).contains($0) }
        rest = rest.dropFirst(parameters.count)
        if let key = sequence(parameters, rest.popFirst()) { keys.append(key) }
      } else {
        keys.append(.back)
      }
    }
    return keys
  }

  private static func single(_ byte: UInt8) -> Key? {
    switch byte {
    case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x03: .quit
    case UInt8(ascii: "k"): .up
    case UInt8(ascii: "j"): .down
    case UInt8(ascii: "g"): .first
    case UInt8(ascii: "G"): .last
    case UInt8(ascii: "s"): .sort
    case UInt8(ascii: "w"): .window
    case UInt8(ascii: "v"): .parts
    case UInt8(ascii: "p"): .pause
    case UInt8(ascii: "?"), UInt8(ascii: "h"): .help
    case 0x0d, 0x0a: .enter
    default: nil
    }
  }

  /// Control sequences of ECMA-48 as xterm sends them.
  private static func sequence(_ parameters: ArraySlice<UInt8>, _ final: UInt8?) -> Key? {
    switch (final, parameters.first) {
    case (UInt8(ascii: "A"), _): .up
    case (UInt8(ascii: "B"), _): .down
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), UInt8(ascii: "1")): .first
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), UInt8(ascii: "4")): .last
    default: nil
    }
  }
}
