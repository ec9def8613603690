internal import Events
internal import Records

extension MetricAddress {
  /// A printed number that carries the exact one, and says which metric record has it.
  ///
  /// - Parameters:
  ///   - shown: The number as people read it.
  ///   - exact: The number as the metric record has it.
  ///   - member: `value`, `psi`, `n` or `reference_n` of the record.
  /// - Returns: A `data` element.
  func figure(_ shown: String, _ exact: Double, _ member: String) -> HTML {
    let whole = "\(window)|\(Timestamp.format(end))|\(statistic)|\(member)|\(signal)"
    let place = whole + (part.map { "|\($0)" } ?? "")
    return "<data value=\"\(exactText(exact))\" data-of=\"\(place)\">\(shown)</data>"
  }

  /// The value in its unit.
  func value(_ value: StatisticValue) -> HTML {
    figure(Unit.of(signal: signal, statistic: statistic).text(value.value), value.value, "value")
  }

  /// The lower bound of drift.
  func low(_ value: StatisticValue) -> HTML {
    figure(fixed(value.driftBound), value.driftBound, "value")
  }

  /// The index of drift.
  func index(_ value: StatisticValue) -> HTML {
    let index = value.psi ?? value.value
    return figure(Unit.of(signal: signal, statistic: statistic).text(index), index, "psi")
  }

  /// The number of events or values behind it.
  func count(_ value: StatisticValue) -> HTML {
    figure(grouped(value.n), Double(value.n), "n")
  }

  /// The number of the reference's values behind it.
  func referenceCount(_ value: StatisticValue) -> HTML {
    figure(grouped(value.referenceN ?? 0), Double(value.referenceN ?? 0), "reference_n")
  }
}

/// A number as records have it: the shortest decimal that reads back the same.
func exactText(_ number: Double) -> String {
  var json = JSONWriter()
  json.value(number)
  return String(decoding: json.bytes, as: UTF8.self)
}

/// A time as the page shows it, and as machines read it.
func timeElement(_ nanoseconds: Int64) -> HTML {
  "<time datetime=\"\(Timestamp.format(nanoseconds))\">\(day(nanoseconds))</time>"
}
