import FuzzSupport
import Monitoring
import Sketches
import Specification

// Any bytes are a state or are refused, and what is taken over from them can be written again. The
// input is tried as a state, and as edits of a good one: three bytes each, a place and a value. The
// store's checksum keeps damage away; this is for what passes it.

private let text = """
  model: m
  events:
    prediction: {time: t, version: v, features: [x, c], segments: [g]}
  kpis: {total: sum(x)}
  windows: {short: {size: 10m, slide: 5m}, day: {calendar: day}}
  slide: 5m
  lateness: 1m
  rules:
    - {alert: High, expr: mean(x) > 3, window: short, for: 10m}
    - {alert: Changed, expr: 'change(value(kpis.total), 1h) > 0.1', window: short}
    - {alert: Silent, silence: 20m}
  """

private func lines(_ count: Int, from start: Int) -> [UInt8] {
  let lines = (0..<count).map { index in
    "{\"t\":\(start + 40 * index),\"v\":\"\(index / 50)\",\"x\":\(index % 7),"
      + "\"c\":\"c\(index % 3)\",\"g\":\"g\(index % 2)\"}\n"
  }
  return Array(lines.joined().utf8)
}

private func made<Value>(_ value: Value?) -> Value {
  guard let value else { preconditionFailure("the target cannot be made") }
  return value
}

/// A plan, and the state of an engine that has judged some windows and holds some panes.
private let (plan, good): (Plan, [UInt8]) = {
  let loaded = Monitor.load(bytes: Array(text.utf8), file: "m.yaml", environment: [:])
  let monitor = made(loaded.monitor)
  var builder = ProfileBuilder(monitor)
  let reference = lines(500, from: 1_700_000_000)
  unsafe reference.withUnsafeBufferPointer { buffer in
    unsafe withPadding(buffer.baseAddress, buffer.count, padding: 64) { chunk in
      var position = StreamPosition()
      _ = unsafe builder.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
  }
  let profile = made(try? builder.finish())
  let plan = made(try? Plan(monitor: monitor, profile: profile))
  var engine = Engine(plan, measuring: .nothing)
  var shard = Shard(plan)
  var position = StreamPosition()
  let stream = lines(200, from: 1_700_100_000)
  unsafe stream.withUnsafeBufferPointer { buffer in
    unsafe withPadding(buffer.baseAddress, buffer.count, padding: 64) { chunk in
      _ = unsafe shard.take(chunk, at: ChunkOrigin(order: 0, offset: 0), after: &position)
    }
  }
  if let last = plan.lastCompletePane(position) {
    engine.enqueue([shard.take(through: last)], through: last)
  }
  var output = EngineOutput()
  engine.drain(into: &output)
  return (plan, engine.state(holding: [shard.counted]).encoded())
}()

private func restore(_ bytes: [UInt8]) -> Bool {
  guard let state = try? EngineState(decoding: bytes) else { return false }
  var engine = Engine(plan, measuring: .nothing)
  guard let restored = try? engine.restore(state) else { return false }
  let again = engine.state(holding: restored.open).encoded()
  require((try? EngineState(decoding: again)) != nil, "what is taken over can be written")
  return true
}

require(restore(good), "a good state is taken over")
runFuzzer { bytes, count in
  let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  _ = restore(input)
  var edited = good
  for place in stride(from: 0, to: input.count - 2, by: 3) {
    edited[(Int(input[place]) << 8 | Int(input[place + 1])) % edited.count] = input[place + 2]
  }
  _ = restore(edited)
  return 0
}
