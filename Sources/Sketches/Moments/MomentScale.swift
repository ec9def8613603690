/// The grid on which ``Moments`` adds: multiples of a power of two, counted from a centre.
public struct MomentScale: Sendable, Equatable, Hashable {
  /// Values are taken relative to this; 0 unless the reference lies far from 0 for its width.
  public let center: Double
  /// log₂ of the grid's step, in ``exponents``.
  public let exponent: Int

  /// The possible steps: a step and its inverse, also times the levels of ``Moments``, are normal
  /// doubles.
  public static let exponents = -1_000...960
  /// The greatest centre, so that the difference from it cannot overflow.
  ///
  /// References beyond it (10^289) have none, and a precision of 2^−39 of the values instead.
  static let greatestCenter = 0x1p960

  /// A grid with a step of `2^exponent` around `center`.
  public init(center: Double = 0, exponent: Int) {
    precondition(Self.exponents.contains(exponent), "exponent \(exponent) out of range")
    precondition(abs(center) <= Self.greatestCenter, "center \(center) out of range")
    self.center = center + 0.0
    self.exponent = exponent
  }

  /// The grid for values like those of a reference: a step of about 2^−`bits` of their range.
  ///
  /// A constant reference takes 2^−10 of its magnitude for its range.
  ///
  /// - Parameters:
  ///   - minimum: The reference's least value, finite.
  ///   - maximum: The reference's greatest value, finite.
  ///   - bits: How fine the step is, in 30...46; with more of them fewer values outside the range
  ///     stay on the first level of ``Moments``: up to 2^(47 − `bits`) ranges from 0.
  public init(minimum: Double, maximum: Double, bits: Int = 40) {
    precondition(minimum.isFinite && maximum.isFinite && minimum <= maximum)
    precondition((30...46).contains(bits), "\(bits) bits")
    let magnitude = max(abs(minimum), abs(maximum))
    let isConstant = minimum == maximum
    // Halved, because the range of finite doubles may be infinite.
    var halfRange = maximum / 2 - minimum / 2
    if isConstant { halfRange = magnitude == 0 ? 0.5 : magnitude * 0x1p-11 }
    let rangeExponent = halfRange > 0 ? Int(halfRange.exponent) + 1 : -1_074
    let exponent = min(
      max(rangeExponent - bits, Self.exponents.lowerBound),
      Self.exponents.upperBound
    )
    // So near to 0 all values stay on the first level of the grid.
    let nearRanges = Double(sign: .plus, exponent: 48 - bits, significand: 1)
    let isFar = magnitude / nearRanges > halfRange && magnitude <= Self.greatestCenter
    // A centre with few bits keeps the difference of short numbers short, hence exact.
    let coarse = Double(sign: .plus, exponent: exponent + bits - 10, significand: 1)
    let middle = isConstant ? minimum : ((minimum + halfRange) / coarse).rounded() * coarse
    self.init(center: isFar && abs(middle) <= Self.greatestCenter ? middle : 0, exponent: exponent)
  }

  /// The grid's step.
  var step: Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}

extension MomentScale: ByteCodable {
  /// Layout: the centre as a double, the exponent as a zigzag integer.
  public func encode(into writer: inout ByteWriter) {
    writer.write(double: center)
    writer.write(zigzag: Int64(exponent))
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    let start = reader.offset
    let center = try reader.readFiniteDouble()
    let exponent = Int(try reader.readZigzag())
    guard Self.exponents.contains(exponent), abs(center) <= Self.greatestCenter else {
      throw .invalid(offset: start)
    }
    self.init(center: center, exponent: exponent)
  }
}
