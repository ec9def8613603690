import Events
import FuzzSupport
import Monitoring
import Records
import Specification
import YAML

// Any bytes are a time zone or are refused; and in any zone that is taken, times without a zone are
// read, the windows of its calendar follow each other, and the engine comes to its end.
//
// Of an input the first line is the zone's name, the second begins with a letter for the windows
// and has times behind it, a comma between two, and the rest is the zone's file. Where that does not
// begin as one, it is made of it: changes of six bytes each up to a `|`, and the rule behind.

private let text = """
  model: m
  events: {prediction: {time: t, latency: {field: x, unit: s}}}
  kpis: {total: sum(x)}
  rules: [{alert: Changed, expr: 'change(value(kpis.total), 1d) > 0.1', window: WINDOW}]
  windows:
  """

/// The parts of an input.
private struct ZoneInput {
  /// What windows there may be, each with a slide that midnights of the zone may or may not fit.
  static let choices = [
    "{d: {calendar: day}}\nslide: 15m",
    "{d: {calendar: day}, w: {calendar: week}, m: {calendar: month}}\nslide: 1h",
    "{s: {size: 2d, slide: 1d}, m: {calendar: month}}\nslide: 30m",
    "{s: {size: 3h, slide: 1h}, w: {calendar: week}}\nslide: 5m\nlateness: 36500d",
  ]

  var name: [UInt8]
  var windows: String
  var times: [[UInt8]]
  var file: [UInt8]

  init(_ input: [UInt8]) {
    let lines = input.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
    // What would end a text of YAML or JSON is another target's.
    name = (lines.first ?? []).filter(Self.isPlain)
    let second = lines.count > 1 ? lines[1] : []
    windows = Self.choices[Int(second.first ?? 0) % Self.choices.count]
    times = second.dropFirst().split(separator: UInt8(ascii: ",")).prefix(64)
      .map { $0.filter(Self.isPlain) }
    let rest = lines.count > 2 ? Array(lines[2]) : []
    file = rest.starts(with: "TZif".utf8) ? rest : Self.file(of: rest)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// A file of changes and a rule: of each change four bytes are the time since the one before, and
  /// two the offset in units of 16 seconds.
  private static func file(of bytes: [UInt8]) -> [UInt8] {
    let bar = bytes.firstIndex(of: UInt8(ascii: "|")) ?? bytes.endIndex
    var times: [UInt8] = []
    var offsets: [UInt8] = []
    var time: Int64 = -5_000_000_000
    let changes = Array(stride(from: 0, to: bar - 5, by: 6).prefix(255))
    for place in changes {
      let step = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int64($1) }
      time += step + 1
      times += bigEndian(time, bytes: 8)
      let offset = Int64(Int8(truncatingIfNeeded: Int(bytes[place + 4])))
      offsets += bigEndian(offset << 8 + Int64(bytes[place + 5]) << 4, bytes: 4) + [0, 0]
    }
    let none = [UInt8](repeating: 0, count: 6)
    // An empty block of version 1: one type, no letters.
    let first = header(times: 0, types: 1) + none
    let indices = changes.indices.map { UInt8($0 + 1) }
    let second = header(times: changes.count, types: changes.count + 1)
    return first + second + times + indices + none + offsets
      + [0x0A] + bytes[bar...].dropFirst() + [0x0A]
  }

  private static func header(times: Int, types: Int) -> [UInt8] {
    Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15 + 12) + bigEndian(Int64(times), bytes: 4)
      + bigEndian(Int64(types), bytes: 4) + [0, 0, 0, 0]
  }

  private static func bigEndian(_ number: Int64, bytes: Int) -> [UInt8] {
    (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}

/// What the clocks of a zone show, at times over three centuries and at its own.
private func read(_ input: ZoneInput) {
  guard let zone = try? CivilZone(name: "x", file: input.file) else { return }
  var times = stride(from: Int64(-9_000_000_000), to: 9_000_000_000, by: 86_400 * 37).map {
    $0 * 1_000_000_000
  }
  times += input.times.compactMap {
    if case .local(let time) = Timestamp.parseCommon(String(decoding: $0, as: UTF8.self)) {
      time
    } else {
      nil
    }
  }
  for time in times + [.min, .max] {
    let local = zone.time(ofLocal: time)
    let (difference, isOverflown) = local.subtractingReportingOverflow(time)
    require(isOverflown || difference.magnitude < 93_600_000_000_000, "less than 26 hours away")
    _ = zone.local(of: time)
  }
}

/// A monitor in the zone; `nil` where the zone is refused, which must be said.
private func monitor(_ input: ZoneInput) -> Monitor? {
  let file = input.file
  let first = input.windows.dropFirst().prefix(1)
  let keys =
    text.replacing("WINDOW", with: first) + " " + input.windows
    + "\nzone: \"" + String(decoding: input.name, as: UTF8.self) + "\"\n"
  let (monitor, diagnostics) = Monitor.load(
    bytes: Array(keys.utf8),
    file: "m.yaml",
    environment: [:],
    files: MonitorFiles(
      { _ in .failure(MonitorFiles.Unreadable(reason: "no files")) },
      zone: { _ in .success(file) }
    )
  )
  require(monitor != nil || diagnostics.contains { $0.severity == .error }, "a refusal is said")
  return monitor
}

/// Replays the times, and holds the windows to their order.
private func replay(_ input: ZoneInput) {
  guard let monitor = monitor(input), let plan = try? Plan(monitor: monitor, profile: nil) else {
    return
  }
  var lines: [UInt8] = []
  for time in input.times { lines += Array("{\"t\":\"".utf8) + time + Array("\",\"x\":1}\n".utf8) }
  var engine = Engine(plan, measuring: .whole)
  var shard = Shard(plan)
  var position = StreamPosition()
  unsafe lines.withUnsafeBufferPointer { buffer in
    unsafe withPadding(buffer.baseAddress, buffer.count, padding: 64) { chunk in
      _ = unsafe shard.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
  }
  var output = EngineOutput()
  if let last = plan.lastCompletePane(position) {
    engine.enqueue([shard.take(through: last)], through: last)
    engine.drain(into: &output)
  }
  shard.count(position.finish(plan).counted)
  engine.end([shard.take(through: nil)])
  engine.drain(into: &output)
  var ends: [String: Int64] = [:]
  for part in output.measured {
    require(part.start < part.end, "a window begins before its end")
    let isCalendar = part.window != "s"
    let last = ends[part.window] ?? .min
    require(part.end > last, "windows \(part.window) end one after the other")
    require(!isCalendar || part.start >= last, "no day is in two windows \(part.window)")
    ends[part.window] = part.end
  }
}

for choice in ["`", "a", "b", "c"] {
  let input = ZoneInput(
    Array("X/Y\n\(choice)2026-03-29 02:30:00\n|CET-1CEST,M3.5.0,M10.5.0/3".utf8)
  )
  require(monitor(input) != nil, "a zone is taken")
}
runFuzzer { bytes, count in
  let input = ZoneInput(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
  read(input)
  replay(input)
  return 0
}
