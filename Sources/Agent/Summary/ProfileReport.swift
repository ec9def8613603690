internal import Events
public import Monitoring
internal import Records

/// A profile for a person, or as JSON.
public enum ProfileReport {
  /// The profile as tables.
  public static func text(_ profile: Profile) -> String {
    var lines = [
      "model \(profile.model), \(grouped(profile.events)) predictions from "
        + "\(Timestamp.format(profile.start)) to \(Timestamp.format(profile.end))",
      "content hash \(profile.contentHash)",
    ]
    for segment in profile.segments {
      let values = zip(segment.values, segment.events).map {
        "\(String(decoding: $0, as: UTF8.self)) (\(grouped($1)))"
      }
      lines.append("segments by \(segment.path): \(values.joined(separator: ", "))")
    }
    lines += table(profile)
    lines += [""] + numbers(profile) + categories(profile)
    return lines.map(visible).joined(separator: "\n") + "\n"
  }

  /// What is known of the hours of the week: the quietest and the busiest, the empty ones.
  private static func table(_ profile: Profile) -> [String] {
    guard let table = profile.table else { return [] }
    guard table.isSeasonal else {
      return ["counts by segment values: \(grouped(table.combinations)) combinations"]
    }
    let events = table.eventsByHour
    let covered = events.count { $0 > 0 }
    let zone = table.zone.map { " in \($0)" } ?? ""
    var line = "hours of the week\(zone): \(covered) of \(events.count) with predictions"
    let busy = events.indices.max { (events[$0], $1) < (events[$1], $0) }
    let quiet = events.indices.filter { events[$0] > 0 }.min {
      (events[$0], $0) < (events[$1], $1)
    }
    if let busy, let quiet {
      line += ", from \(grouped(events[quiet])) (\(hourName(quiet)))"
      line += " to \(grouped(events[busy])) (\(hourName(busy)))"
    }
    line += "; \(grouped(table.combinations)) combinations of segment values"
    return [line]
  }

  private static func hourName(_ hour: Int) -> String {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let ofDay = hour % 24
    return "\(days[hour / 24]) \(ofDay < 10 ? "0" : "")\(ofDay):00"
  }

  private static func numbers(_ profile: Profile) -> [String] {
    var table = TextTable(
      [
        "number", "values", "missing", "invalid", "min", "p50", "p99", "max", "mean", "std",
        "cells",
      ],
      alignsRight: [false] + [Bool](repeating: true, count: 10)
    )
    for signal in profile.signals {
      guard case .number(let number) = signal.reference else { continue }
      let summary = number.summary
      table.append(
        [signal.name, grouped(summary.count), grouped(signal.missing), grouped(signal.invalid)]
          + [summary.minimum, summary.p50, summary.p99, summary.maximum].map(shortNumber)
          + [summary.mean, summary.standardDeviation].map(shortNumber)
          + ["\(number.counts.count)"]
      )
    }
    return table.isEmpty ? [] : table.lines
  }

  private static func categories(_ profile: Profile) -> [String] {
    var table = TextTable(
      ["category", "values", "missing", "invalid", "distinct", "most frequent"],
      alignsRight: [false, true, true, true, true, false]
    )
    for signal in profile.signals {
      guard case .category(let category) = signal.reference else { continue }
      let total = category.counts.reduce(0, +)
      let named = zip(category.values, category.counts).filter { names($1, of: category) }
      let frequent = named.map { (String(decoding: $0, as: UTF8.self), $1) }
        .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(3)
      table.append([
        signal.name, grouped(Int(total)), grouped(signal.missing), grouped(signal.invalid),
        "\(category.values.count)" + (category.hasOther ? "+" : ""),
        frequent.map { "\($0) \(percent(Double($1) / Double(max(total, 1))))" }
          .joined(separator: ", "),
      ])
    }
    return table.isEmpty ? [] : [""] + table.lines
  }

  /// Whether a value of so many events is named: fewer may tell of one person.
  private static func names(_ count: UInt64, of category: CategoryReference) -> Bool {
    category.isBoolean || count >= Evidence.namedMinimum
  }

  /// The profile as one line of JSON, counts included.
  public static func json(_ profile: Profile) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.member("model", profile.model)
    json.member("content_hash", profile.contentHash)
    json.member("events", profile.events)
    json.member("start", Timestamp.format(profile.start))
    json.member("end", Timestamp.format(profile.end))
    if let table = profile.table {
      json.member("combinations", table.combinations)
      if let zone = table.zone { json.member("zone", zone) }
      json.name("events_by_hour")
      json.beginArray()
      for events in table.eventsByHour { json.value(events) }
      json.endArray()
    }
    json.name("signals")
    json.beginArray()
    for signal in profile.signals {
      json.beginObject()
      json.member("signal", signal.name)
      json.member("missing", signal.missing)
      json.member("invalid", signal.invalid)
      switch signal.reference {
      case .number(let number):
        json.member("type", "number")
        json.member("mean", number.summary.mean)
        json.member("std", number.summary.standardDeviation)
        json.member("rank_error", number.rankError)
        json.name("edges")
        json.beginArray()
        for edge in number.edges { json.value(edge) }
        json.endArray()
      case .category(let category):
        json.member("type", category.isBoolean ? "boolean" : "category")
        json.name("values")
        json.beginArray()
        for (value, count) in zip(category.values, category.counts) {
          let isNamed = names(count, of: category)
          json.value(isNamed ? .string(String(decoding: value, as: UTF8.self)) : .null)
        }
        json.endArray()
      }
      json.name("counts")
      json.beginArray()
      for count in signal.counts { json.value(Int(count)) }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
