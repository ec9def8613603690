public import Records
public import Sketches

extension Alert: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(name)
    writer.write(state)
    writer.write(fingerprint)
    writer.write(group)
    writer.write(labels)
    writer.write(annotations)
    writer.write(startsAt)
    writer.write(time)
    writer.write(isFlapping)
    writer.write(incident)
    writer.write(evidence)
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      name: try reader.read(),
      state: try reader.read(),
      fingerprint: try reader.read(),
      group: try reader.read(),
      labels: try reader.read(),
      annotations: try reader.read(),
      startsAt: try reader.read(),
      time: try reader.read(),
      isFlapping: try reader.read(),
      incident: try reader.read(),
      evidence: try reader.read()
    )
  }
}

extension AlertPhase: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) { writer.write(string: rawValue) }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = try reader.readWord()
  }
}

extension AlertCause: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) { writer.write(string: rawValue) }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self = try reader.readWord()
  }
}

extension Incident.Member: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(alert)
    writer.write(fingerprint)
    writer.write(signal)
    writer.write(version)
    writer.write(segment)
    writer.write(severity)
    writer.write(cause)
    writer.write(startsAt)
    writer.write(endsAt)
    writer.write(isFlapping)
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      alert: try reader.read(),
      fingerprint: try reader.read(),
      signal: try reader.read(),
      version: try reader.read(),
      segment: try reader.read(),
      severity: try reader.read(),
      cause: try reader.read(),
      startsAt: try reader.read(),
      endsAt: try reader.read(),
      isFlapping: try reader.read()
    )
  }
}

extension Evidence: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(statistic)
    for number in [value, psi, low, high, pValue, threshold, confidence, falseDiscoveryRate] {
      writer.write(number)
    }
    writer.write(family)
    writer.write(n)
    writer.write(referenceN)
    writer.write(window)
    writer.write(start)
    writer.write(end)
    writer.write(since)
    writer.write(histogram)
    writer.write(moved)
    writer.write(unseen)
    writer.write(reference)
    writer.write(budget)
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      statistic: try reader.read(),
      value: try reader.read(),
      psi: try reader.read(),
      low: try reader.read(),
      high: try reader.read(),
      pValue: try reader.read(),
      threshold: try reader.read(),
      confidence: try reader.read(),
      falseDiscoveryRate: try reader.read(),
      family: try reader.read(),
      n: try reader.read(),
      referenceN: try reader.read(),
      window: try reader.read(),
      start: try reader.read(),
      end: try reader.read(),
      since: try reader.read(),
      histogram: try reader.read(),
      moved: try reader.read(),
      unseen: try reader.read(),
      reference: try reader.read(),
      budget: try reader.read()
    )
  }
}

extension Evidence.BinShares: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(bin)
    writer.write(reference)
    writer.write(window)
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      bin: try reader.read(),
      reference: try reader.read(),
      window: try reader.read()
    )
  }
}

extension Evidence.UnseenCount: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(value)
    writer.write(count)
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(value: try reader.read(), count: try reader.read())
  }
}

extension BudgetEvidence: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(slo)
    writer.write(objective)
    writer.write(long)
    writer.write(short)
    for number in [badShare, badShareLow, budgetLeft, timeToExhaustion] { writer.write(number) }
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      slo: try reader.read(),
      objective: try reader.read(),
      long: try reader.read(),
      short: try reader.read(),
      badShare: try reader.read(),
      badShareLow: try reader.read(),
      budgetLeft: try reader.read(),
      timeToExhaustion: try reader.read()
    )
  }
}

extension BudgetEvidence.Window: ByteCodable {
  /// Appends the fields in their order.
  public func encode(into writer: inout ByteWriter) {
    writer.write(window)
    writer.write(burnRate)
    writer.write(n)
    writer.write(bad)
    writer.write(unjudged)
  }

  /// Reads what ``encode(into:)`` wrote.
  ///
  /// - Throws: `CodingError` where the bytes are none.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init(
      window: try reader.read(),
      burnRate: try reader.read(),
      n: try reader.read(),
      bad: try reader.read(),
      unjudged: try reader.read()
    )
  }
}
