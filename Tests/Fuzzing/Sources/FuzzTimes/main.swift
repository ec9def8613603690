import Events
import FuzzSupport

// Any bytes are a time or none, a format or none, a zone or none, without a trap; what a zone's
// clocks show is a time at which they show it.

/// Reads the bytes as a time in every way.
private func readTime(_ bytes: UnsafeRawBufferPointer) {
  if case .instant(let time) = unsafe Timestamp.parseCommon(bytes) {
    let written = Timestamp.format(time)
    require(Timestamp.parse(written) == time, "a time is written as what it is: \(written)")
    require(Timestamp.parseCommon(written) == .instant(time), "and read alike: \(written)")
  }
  for unit in TimeUnit.allCases { _ = unsafe Timestamp.parseEpoch(bytes, unit: unit) }
}

/// The first line is a pattern, the rest a time.
private func readFormat(_ bytes: UnsafeRawBufferPointer) {
  guard let end = unsafe bytes.firstIndex(of: 0x0A) else { return }
  let pattern = unsafe String(decoding: bytes[..<end], as: UTF8.self)
  guard let format = try? TimeFormat(pattern) else { return }
  _ = unsafe format.read(UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...]))
}

private func readZone(_ bytes: UnsafeRawBufferPointer) {
  let file = unsafe Array(bytes)
  guard let zone = try? CivilZone(name: "x", file: file) else { return }
  var second: Int64 = -9_000_000_000
  while second < 9_000_000_000 {
    let local = second * 1_000_000_000
    _ = zone.time(ofLocal: local)
    require(abs(zone.offset(at: second)) <= 26 * 3_600, "an offset is less than 26 hours")
    second += 86_400 * 37
  }
  _ = zone.isAligned(to: 900_000_000_000)
}

runFuzzer { bytes, count in
  unsafe withPadding(bytes, count, padding: 64) { input in
    unsafe readTime(input)
    unsafe readFormat(input)
    unsafe readZone(input)
  }
  return 0
}
