internal import CVector

/// The bytes that JSON is made of.
enum Byte {
  static var quote: UInt8 { 0x22 }
  static var comma: UInt8 { 0x2C }
  static var minus: UInt8 { 0x2D }
  static var dot: UInt8 { 0x2E }
  static var zero: UInt8 { 0x30 }
  static var colon: UInt8 { 0x3A }
  static var openArray: UInt8 { 0x5B }
  static var backslash: UInt8 { 0x5C }
  static var closeArray: UInt8 { 0x5D }
  static var openObject: UInt8 { 0x7B }
  static var closeObject: UInt8 { 0x7D }
  static var newline: UInt8 { 0x0A }
  static var carriageReturn: UInt8 { 0x0D }
  static var space: UInt8 { 0x20 }
  static var tab: UInt8 { 0x09 }

  /// `,"` as two bytes, the comma lowest.
  static var commaQuote: UInt32 { 0x222C }
  /// `, "` as three bytes of a four-byte word.
  static var commaSpaceQuote: UInt32 { 0x22202C }
  /// `true`, `alse`, `null` as four bytes, the first lowest.
  static var wordTrue: UInt32 { 0x6575_7274 }
  static var wordAlse: UInt32 { 0x6573_6C61 }
  static var wordNull: UInt32 { 0x6C6C_756E }
}

/// The first byte that is not white space.
///
/// A newline ends the line and is none.
@inline(__always)
func skipSpace(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
  var p = unsafe start
  while true {
    let byte = unsafe p.pointee
    guard byte <= Byte.space else {
      return unsafe p
    }
    guard byte == Byte.space || byte == Byte.tab || byte == Byte.carriageReturn else {
      return unsafe p
    }
    unsafe p += 1
  }
}
