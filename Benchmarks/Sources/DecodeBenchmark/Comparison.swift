import Glibc
import SimdjsonBenchmark

/// Prints how fast events are decoded and replayed against simdjson, in interleaved rounds.
///
/// The simdjson programs parse from memory and count nothing; `leeway replay` is the whole
/// executable, its start and its reading of a file included.
///
/// - Parameters:
///   - rounds: How often each program runs.
///   - executable: The `leeway` to replay with; without it only decoding is compared.
func compare(rounds: Int, executable: String?) {
  print("variant    program             k events/s   MB/s   ratio to best simdjson [range]")
  for variant in EventGenerator.Variant.allCases {
    var generator = EventGenerator()
    var bytes = generator.lines(400_000, variant)
    let count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: 64))
    let replaying = executable.map { Replaying($0, bytes, count: count) }
    report(variant, bytes, count, rounds, replaying)
    replaying?.removeFiles()
  }
}

private let programs = [
  "decode (strict)", "simdjson find", "simdjson iterate", "simdjson learned", "replay, 1 thread",
  "replay, 2 threads",
]
private let simdjsonPrograms = 1...3

private func report(
  _ variant: EventGenerator.Variant,
  _ bytes: [UInt8],
  _ count: Int,
  _ rounds: Int,
  _ replaying: Replaying?
) {
  let programs = replaying == nil ? Array(programs.prefix(4)) : programs
  var seconds = [[Double]](repeating: [], count: programs.count)
  var events = 0
  for _ in 0..<rounds {
    for program in programs.indices {
      let start = now()
      if program == 0 {
        events = decode(bytes).rows
      } else if let replaying, !simdjsonPrograms.contains(program) {
        replaying.replay(threads: program - 3)
      } else {
        var rows = 0
        let sum = unsafe leeway_simdjson_read(bytes, count, Int32(program - 1), &rows)
        precondition(sum != 0 && rows == events, "simdjson read \(rows) of \(events) events")
      }
      seconds[program].append(now() - start)
    }
  }
  for program in programs.indices {
    let median = seconds[program].sorted()[rounds / 2]
    let best = simdjsonPrograms.min {
      seconds[$0].sorted()[rounds / 2] < seconds[$1].sorted()[rounds / 2]
    }
    let ratios = zip(seconds[best ?? 1], seconds[program]).map { $0 / $1 }.sorted()
    let rate = Int(Double(events) / median / 1000)
    let megabytes = Int(Double(count) / median / 1e6)
    print(
      pad(variant.rawValue, 10),
      pad(programs[program], 19),
      pad("\(rate)", 12),
      pad("\(megabytes)", 6),
      two(ratios[rounds / 2]),
      "[\(two(ratios[0]))–\(two(ratios[rounds - 1]))]"
    )
  }
}

/// Monotonic time in seconds.
private func now() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

private func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func two(_ number: Double) -> String {
  let hundredths = Int((number * 100).rounded())
  let rest = hundredths % 100
  return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}
