/// The text that a string's bytes spell, as UTF-8.
///
/// The spelling is what stands between the quotes, already found right.
func unescaped(_ spelling: UnsafeBufferPointer<UInt8>) -> [UInt8] {
  var text: [UInt8] = []
  text.reserveCapacity(spelling.count)
  var index = 0
  while index < spelling.count {
    let byte = unsafe spelling[index]
    guard byte == Byte.backslash, index + 1 < spelling.count else {
      text.append(byte)
      index += 1
      continue
    }
    let escape = unsafe spelling[index + 1]
    index += 2
    switch escape {
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75: unsafe appendCodePoint(spelling, &index, to: &text)
    default: text.append(escape)
    }
  }
  return text
}

/// Appends the code point of `\uXXXX`, of which `index` is at the first digit, or of a pair of
/// them.
private func appendCodePoint(
  _ spelling: UnsafeBufferPointer<UInt8>,
  _ index: inout Int,
  to text: inout [UInt8]
) {
  guard let start = spelling.baseAddress, index + 4 <= spelling.count,
    let unit = unsafe hexadecimal4(start + index)
  else {
    return
  }
  index += 4
  var code = unit
  if unit & 0xFC00 == 0xD800, index + 6 <= spelling.count,
    let low = unsafe hexadecimal4(start + index + 2)
  {
    index += 6
    code = 0x1_0000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
  }
  if let scalar = Unicode.Scalar(code) {
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
