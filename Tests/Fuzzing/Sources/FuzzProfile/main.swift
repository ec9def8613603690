import Events
import FuzzSupport
import Monitoring

// Any bytes are a profile or are refused, and a profile that is read is written as one that reads
// the same. A checksum guards the content, so that the input is tried as it is and then as the
// content of a file whose length and checksum are right.

private let magic = Array("leewayP\n".utf8)
private let headBytes = magic.count + 1 + 8
private let tailBytes = 8

private func littleEndian(_ value: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// A file with the input as its content; of a whole file, its content.
private func sealed(_ input: [UInt8], format: Int) -> [UInt8] {
  let isFile = input.starts(with: magic) && input.count >= headBytes + tailBytes
  let content = isFile ? Array(input[headBytes..<(input.count - tailBytes)]) : input
  return magic + [UInt8(format)] + littleEndian(UInt64(content.count)) + content
    + littleEndian(StableHash.hash(content.span))
}

/// Whether the bytes are a profile.
private func reads(_ file: [UInt8]) -> Bool {
  guard let profile = try? Profile(decoding: file) else { return false }
  let written = profile.encoded()
  let again = try? Profile(decoding: written)
  require(again != nil, "what is written can be read")
  require(again?.encoded() == written, "what is read again is written the same")
  for signal in profile.signals {
    _ = signal.counts
    _ = signal.counts(segment: 0, value: 0)
  }
  _ = profile.table?.eventsByHour
  return true
}

runFuzzer { bytes, count in
  let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  _ = reads(input)
  for format in 1...Profile.formatVersion { _ = reads(sealed(input, format: format)) }
  return 0
}
