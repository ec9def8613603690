internal import CVector

/// Reads a column of times.
///
/// Strings are RFC 3339, else of the field's format or of a common form
/// (``Timestamp/parseCommon(_:)``), or numbers; numbers are units since 1970. Events come minute by minute: the minute of the
/// last time is remembered as its 16 bytes, so that the calendar is asked once a minute and not
/// once an event.
public struct TimestampDecoder: Sendable {
  /// How the times are written.
  public let form: TimeForm

  /// The bytes of the last minute, `2013-05-01T00:02`, and what they mean.
  private var prefix: (UInt64, UInt64) = (0, 0)
  private var minute: Int64 = 0

  /// A decoder of times.
  public init(_ form: TimeForm = TimeForm()) {
    self.form = form
  }

  /// Reads `count` cells of the form ``Schema/Form/token``.
  ///
  /// A missing or `null` cell becomes ``Timestamp/missing``, one without a zone that is known
  /// ``Timestamp/zoneless``, a small number without a unit ``Timestamp/implausible``, any other that
  /// is no time ``Timestamp/invalid``.
  ///
  /// - Parameters:
  ///   - cells: The column.
  ///   - count: The number of its cells.
  ///   - chunk: What the column was decoded from.
  ///   - times: Takes `count` times in nanoseconds since 1970.
  /// - Complexity: O(`count`).
  public mutating func decode(
    _ cells: UnsafePointer<UInt64>,
    count: Int,
    chunk: UnsafeRawBufferPointer,
    into times: UnsafeMutablePointer<Int64>
  ) {
    for row in 0..<count {
      unsafe times[row] = time(Cell(bits: cells[row]), chunk)
    }
  }

  @inline(__always)
  private mutating func time(_ cell: Cell, _ chunk: UnsafeRawBufferPointer) -> Int64 {
    guard let reference = cell.reference else {
      return cell == .missing || cell == .null ? Timestamp.missing : Timestamp.invalid
    }
    let bytes = unsafe reference.bytes(in: chunk)
    guard reference.kind == .string, !reference.isEscaped else {
      return unsafe rareTime(reference, bytes)
    }
    return unsafe quickTime(bytes) ?? slowTime(bytes)
  }

  /// A time in the last minute that ends `:SSZ` or `:SS.fffZ`, or `nil` when it is another one.
  @inline(__always)
  private func quickTime(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard let start = bytes.baseAddress, bytes.count >= 20 else {
      return nil
    }
    let p = unsafe start.assumingMemoryBound(to: UInt8.self)
    guard unsafe leeway_load64(p) == prefix.0, unsafe leeway_load64(p + 8) == prefix.1 else {
      return nil
    }
    let tens = unsafe UInt64(p[17] ^ Byte.zero)
    let ones = unsafe UInt64(p[18] ^ Byte.zero)
    guard unsafe p[16] == Byte.colon, tens <= 5, ones <= 9 else {
      return nil
    }
    var nanoseconds = (tens &* 10 &+ ones) &* 1_000_000_000
    if bytes.count != 20 {
      // Up to eight digits of fraction, moved up so that what is below counts as leading zeros.
      let values = unsafe leeway_load64(p + 20) ^ asciiZeros
      let marks = nondigitMarks(values)
      let count = marks == 0 ? 8 : leeway_first64(marks) >> 3
      guard unsafe p[19] == Byte.dot, count > 0, bytes.count == 21 &+ count else {
        return nil
      }
      let fraction = eightDigits(values &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count))
      nanoseconds = nanoseconds &+ fraction &* nanosecondsPerDigit(count)
    }
    guard unsafe p[bytes.count &- 1] | 0x20 == 0x7A else {
      return nil
    }
    return minute &+ Int64(truncatingIfNeeded: nanoseconds)
  }

  /// Any time; the minute of one of RFC 3339 is remembered when it is in UTC's range.
  @inline(never)
  private mutating func slowTime(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    guard form.format == nil, let time = unsafe Timestamp.parse(bytes) else {
      return unsafe otherTime(bytes)
    }
    // All times of the minute must fit, so that the quick way needs no check.
    var reader = unsafe TimeReader(bytes)
    if let local = unsafe reader.minute(), local.magnitude < UInt64(Int64.max) / 60_000_000_000 - 1
    {
      minute = local * 60_000_000_000
      unsafe prefix.0 = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self).littleEndian
      unsafe prefix.1 = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
    }
    return time
  }

  /// A text that is not of RFC 3339.
  @inline(never)
  private func otherTime(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    let written: WrittenTime?
    if let format = form.format {
      unsafe written = format.read(bytes)
    } else if let number = unsafe Timestamp.parseEpoch(bytes, unit: form.unit) {
      return plausible(number)
    } else {
      unsafe written = Timestamp.parseCommon(bytes)
    }
    switch written {
    case .instant(let time): return time
    case .local(let local): return form.zone?.time(ofLocal: local) ?? Timestamp.zoneless
    case nil: return Timestamp.invalid
    }
  }

  /// A number's time, where its unit was not guessed from a small number.
  private func plausible(_ time: Int64) -> Int64 {
    form.unit == .automatic && time < Timestamp.earliestGuessed ? Timestamp.implausible : time
  }

  /// A number of units, or a string with escapes.
  @inline(never)
  private func rareTime(_ reference: TokenReference, _ bytes: UnsafeRawBufferPointer) -> Int64 {
    switch reference.kind {
    case .number:
      return unsafe Timestamp.parseEpoch(bytes, unit: form.unit).map(plausible)
        ?? Timestamp.invalid
    case .boolean:
      return Timestamp.invalid
    case .string:
      let spelling = unsafe bytes.assumingMemoryBound(to: UInt8.self)
      let text = unsafe unescaped(spelling)
      return unsafe text.withUnsafeBytes { bytes in
        let time = form.format == nil ? unsafe Timestamp.parse(bytes) : nil
        return unsafe time ?? otherTime(bytes)
      }
    }
  }
}

/// The nanoseconds in one unit of the last of `count` digits of a fraction of a second.
@inline(__always)
private func nanosecondsPerDigit(_ count: Int) -> UInt64 {
  switch count {
  case 1: 100_000_000
  case 2: 10_000_000
  case 3: 1_000_000
  case 4: 100_000
  case 5: 10_000
  case 6: 1000
  case 7: 100
  default: 10
  }
}

extension TokenReference {
  /// The bytes that the reference means.
  @inline(__always)
  package func bytes(in chunk: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    precondition(offset + length <= chunk.count, "reference beyond the chunk")
    return unsafe UnsafeRawBufferPointer(rebasing: chunk[offset..<(offset + length)])
  }
}
