import Events
import Foundation
import Monitoring
import Testing

@testable import Trials

@Suite struct GeneratorTests {
  static let head = """
    seed: 11
    start: 2026-03-02T00:00:00Z

    """

  static let mixed =
    head + """
      duration: 6h
      rate: {mean: 20/m, daily: {peak: 3h, swing: 50%}, weekdays: {mon: 1.5}}
      fields:
        id: {sequence: {prefix: e-, digits: 5}}
        ts: {time: rfc3339}
        channel: {category: {web: 60, app: 30, atm: 10}}
        features.amount:
          lognormal: {median: 40, sigma: 0.8}
          by: {field: channel, values: {atm: {median: 90}}}
          decimals: 2
        features.age: {normal: {mean: 40, std: 12}, min: 18, decimals: 0, missing: 10%}
        features.night: {boolean: 20%}
        score:
          logistic:
            bias: -3
            terms: {features.amount: {log: 0.5}, channel: {web: 0.4}, features.night: 0.3}
            noise: 0.2
          decimals: 4
        decision: {threshold: {field: score, at: 0.5, above: decline, below: approve}}
        version: {category: {v1: 1}}
      changes:
        unit_error: {at: 2h, for: 1h, field: features.amount, multiply: 100, where: {channel: web}}
        gone: {at: 3h, field: features.age, missing: 40%}
        fresh: {at: 1h, for: 1h, field: channel, shares: {crypto: 5%}}
        canary: {at: 4h, field: version, shares: {v2: 25%}}
        text: {at: 5h, field: features.age, type: string}
        silence: {at: 30m, for: 10m, rate: 0}
      """

  @Test func `the bytes of a stream are pinned, so that they are the same on every machine`() throws
  {
    let text = lines(try stream(Self.mixed)).joined(separator: "\n")
    let bytes = Array(text.utf8)
    #expect(String(StableHash.hash(bytes.span), radix: 16) == "4e0ad974667bb54e")
  }

  @Test func `what a change does not touch is the same with and without it`() throws {
    let stream = try stream(Self.mixed)
    let all = try events(stream)
    let plain = try events(stream, without: Set(stream.changeNames))
    var byID: [String: [String: Any]] = [:]
    for event in plain { byID[try #require(event["id"] as? String)] = event }
    #expect(all.count < plain.count, "the silence takes events away")
    var touched = 0
    for event in all {
      let identifier = try #require(event["id"] as? String)
      let other = try #require(byID[identifier])
      let one = try #require(event["features"] as? [String: Any])
      let two = try #require(other["features"] as? [String: Any])
      #expect(event["ts"] as? String == other["ts"] as? String)
      #expect(one["night"] as? Bool == two["night"] as? Bool)
      if let amount = one["amount"] as? Double, let plain = two["amount"] as? Double,
        amount != plain
      {
        touched += 1
        let isTimesHundred = abs(amount - 100 * plain) <= 1e-9 * amount
        #expect(isTimesHundred || event["channel"] as? String == "crypto", "\(event)")
      }
    }
    #expect(touched > 300, "only \(touched) events have another amount")
  }

  @Test func `each change does what it says, when it says`() throws {
    let events = try events(try stream(Self.mixed))
    func hour(_ event: [String: Any]) -> String {
      String((event["ts"] as? String ?? "").dropFirst(11).prefix(5))
    }
    let silent = events.filter { ("00:30"..<"00:40").contains(hour($0)) }
    #expect(silent.isEmpty)
    let crypto = events.filter { $0["channel"] as? String == "crypto" }
    #expect(crypto.allSatisfy { hour($0).hasPrefix("01") } && crypto.count > 20)
    let canary = events.filter { $0["version"] as? String == "v2" }
    let late = events.filter { hour($0) >= "04" }
    #expect(canary.allSatisfy { hour($0) >= "04" })
    #expect(abs(Double(canary.count) / Double(late.count) - 0.25) < 0.03)
    let ages = events.map { ($0["features"] as? [String: Any])?["age"] }
    for (event, age) in zip(events, ages) {
      if let age { #expect((age is String) == (hour(event) >= "05"), "\(event)") }
    }
    let gone = zip(events, ages).filter { hour($0.0) >= "03" }
    let missing = Double(gone.count { $0.1 == nil }) / Double(gone.count)
    #expect(abs(missing - (1 - 0.9 * 0.6)) < 0.03, "\(missing)")
  }

  @Test func `parts of a stream are those of the whole`() throws {
    let stream = try stream(Self.mixed)
    var whole: [UInt8] = []
    var all = StreamGenerator(stream)
    while all.next(into: &whole) {}
    let middle = stream.start + 7_000_000_000_000
    var parts: [UInt8] = []
    for times in [stream.start..<middle, middle..<stream.end] {
      var part = StreamGenerator(stream, times: times)
      while part.next(into: &parts) {}
    }
    #expect(parts == whole)
  }

  @Test func `samples have the distributions that the file names`() throws {
    let events = try events(
      try stream(
        Self.head + """
          duration: 1h
          rate: 10/s
          fields:
            normal: {normal: {mean: 5, std: 2}}
            lognormal: {lognormal: {median: 3, sigma: 0.5}}
            exponential: {exponential: {mean: 4}}
            uniform: {uniform: {from: -1, to: 1}}
            integer: {integer: {from: 1, to: 6}}
            linear: {linear: {bias: 1, terms: {uniform: 2}, noise: 0.1}}
          """
      )
    )
    #expect(abs(Double(events.count) - 36_000) < 4 * 190, "\(events.count) of a Poisson 36,000")
    let distributions: [(String, (Double) -> Double)] = [
      ("normal", { 0.5 * erfc(-($0 - 5) / 2 / 2.0.squareRoot()) }),
      ("lognormal", { 0.5 * erfc(-Foundation.log($0 / 3) / 0.5 / 2.0.squareRoot()) }),
      ("exponential", { 1 - Foundation.exp(-$0 / 4) }),
      ("uniform", { ($0 + 1) / 2 }),
    ]
    for (name, probability) in distributions {
      let values = members(events, name, Double.self).sorted()
      var distance = 0.0
      for (index, value) in values.enumerated() {
        let share = Double(index) / Double(values.count)
        distance = max(distance, abs(probability(value) - share))
      }
      // Kolmogorov's distribution: beyond 2/√n in three cases of 10,000.
      #expect(distance < 2 / Double(values.count).squareRoot(), "\(name): \(distance)")
    }
    for face in 1...6 {
      let share =
        Double(members(events, "integer", Int.self).count { $0 == face }) / Double(events.count)
      #expect(abs(share - 1 / 6.0) < 0.01, "\(face): \(share)")
    }
    for event in events {
      let uniform = try #require(event["uniform"] as? Double)
      let linear = try #require(event["linear"] as? Double)
      #expect(abs(linear - 1 - 2 * uniform) < 0.6)
    }
  }

  @Test func `even arrivals come at even times, and seasons hold`() throws {
    let events = try events(
      try stream(
        Self.head + """
          duration: 2d
          rate: {mean: 1/m, arrivals: even, hours: [2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
            1, 1, 1, 1, 1, 1, 1, 1], weekdays: {tue: 0.5}}
          fields: {ts: {time: seconds}}
          """
      )
    )
    var byHour = [Int](repeating: 0, count: 48)
    let start = 1_772_409_600.0
    for time in members(events, "ts", Double.self) { byHour[Int((time - start) / 3_600)] += 1 }
    #expect(Array(byHour[..<3]) == [120, 0, 60])
    #expect(Array(byHour[24..<27]) == [60, 0, 30])
    #expect(byHour.reduce(0, +) == 2_160)
  }

  @Test func `a ramp comes slowly, replaced distributions reach every case`() throws {
    let events = try events(
      try stream(
        Self.head + """
          duration: 4h
          rate: {mean: 60/m, arrivals: even}
          fields:
            channel: {category: {web: 1, atm: 1}}
            x: {normal: {mean: 0, std: 1}, by: {field: channel, values: {atm: {mean: 100}}}}
            y: {uniform: {from: 0, to: 0}}
          changes:
            wide: {at: 2h, field: x, set: {std: 50}}
            mix: {at: 1h, field: channel, set: {web: 9, atm: 1}}
            slow: {at: 0s, ramp: 4h, field: y, add: 4}
          """
      )
    )
    let hours = (0..<4).map { Array(events[($0 * 3_600)..<(($0 + 1) * 3_600)]) }
    let shares = hours.map { hour in
      Double(members(hour, "channel", String.self).count { $0 == "atm" }) / 3_600
    }
    #expect(abs(shares[0] - 0.5) < 0.03 && shares[1...].allSatisfy { abs($0 - 0.1) < 0.03 })
    func spread(_ hour: [[String: Any]], _ channel: String) -> Double {
      let values = members(hour.filter { $0["channel"] as? String == channel }, "x", Double.self)
      let mean = values.reduce(0, +) / Double(values.count)
      return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
        .squareRoot()
    }
    #expect(abs(spread(hours[0], "atm") - 1) < 0.1 && abs(spread(hours[3], "atm") - 50) < 5)
    #expect(abs(spread(hours[3], "web") - 50) < 3)
    let y = members(events, "y", Double.self)
    #expect(abs(y[3_600] - 1) < 0.01 && abs(y[10_800] - 3) < 0.01)
  }
}
