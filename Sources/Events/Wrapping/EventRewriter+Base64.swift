extension EventRewriter {
  /// What a text in base64 says, by RFC 4648 §4 and §5; `nil` where it is none.
  ///
  /// The padding may lack, and white space may stand between.
  public static func base64Decoded(_ text: [UInt8]) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count * 3 / 4)
    var bits: UInt32 = 0
    var held = 0
    var digits = 0
    for byte in text.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
      case Byte.space, Byte.newline, Byte.carriageReturn: continue
      default: return nil
      }
      digits += 1
      bits = bits << 6 | UInt32(digit)
      held += 6
      if held >= 8 {
        held -= 8
        decoded.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    return digits % 4 == 1 ? nil : decoded
  }
}
