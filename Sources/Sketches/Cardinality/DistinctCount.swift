/// An estimate of how many different values were inserted.
///
/// Each value's hash picks one of 1,024 registers by its top ten bits; the register keeps the
/// greatest number of leading zeros, plus one, seen in the other 54.
///
/// - **Guarantee**: probabilistic; standard error 1.04/√1024 = 3.25 % of the true number, less for
///   small numbers (up to about 2,000 the estimate equals linear counting's).
/// - **Memory**: 1 KB.
/// - **Merge**: exact, commutative, associative, idempotent. It cannot be subtracted: see
///   ``SlidingDistinctCount``.
/// - **Hash**: fixed and documented, so equal in every process. −0 counts as 0.
/// - **Source**: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog", AofA 2007; the estimator is
///   algorithm 6 of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches",
///   arXiv 1702.01284, 2017, which needs neither bias tables nor a change of formula.
public struct DistinctCount: Sendable, Equatable {
  /// log₂ of the number of registers.
  public static let precision = 10
  /// The number of registers.
  public static let registerCount = 1 << precision
  /// The greatest register: 54 zeros and one.
  static let maximumRegister = UInt8(64 - precision + 1)
  /// The standard error of ``estimate`` as a share of the true number.
  public static let standardError = 0.0325

  /// The registers, each in 0...55.
  var registers: [UInt8]

  /// No values yet.
  public init() {
    registers = [UInt8](repeating: 0, count: Self.registerCount)
  }

  /// Whether nothing has been inserted.
  public var isEmpty: Bool { registers.allSatisfy { $0 == 0 } }

  /// Adds a column of numbers.
  ///
  /// - Complexity: O(n), about 2 ns a value.
  public mutating func insert(contentsOf values: UnsafeBufferPointer<Double>) {
    unsafe registers.withUnsafeMutableBufferPointer { registers in
      for row in 0..<values.count {
        unsafe Self.insert(hash: DistinctCount.hash(values[row]), into: registers)
      }
    }
  }

  /// Adds one number.
  public mutating func insert(_ value: Double) {
    insert(hash: Self.hash(value))
  }

  /// Adds one value by a hash of 64 good bits.
  public mutating func insert(hash: UInt64) {
    unsafe registers.withUnsafeMutableBufferPointer { registers in
      unsafe Self.insert(hash: hash, into: registers)
    }
  }

  /// Adds the values of another summary.
  public mutating func merge(_ other: DistinctCount) {
    for index in 0..<Self.registerCount {
      registers[index] = max(registers[index], other.registers[index])
    }
  }

  /// The estimated number of different values, at least 0.
  public var estimate: Double {
    var multiplicities = [Int](repeating: 0, count: Int(Self.maximumRegister) + 1)
    for register in registers { multiplicities[Int(register)] += 1 }
    return Self.estimate(multiplicities: multiplicities)
  }

  /// The fixed hash of a number: its bits, folded twice through a 128-bit product.
  ///
  /// One fold is not enough: numbers on a grid differ in few bits, and their hashes would repeat
  /// patterns in the leading zeros. The constants are the fractional digits of π.
  @inline(__always)
  static func hash(_ value: Double) -> UInt64 {
    let bits = (value + 0.0).bitPattern ^ 0x243F_6A88_85A3_08D3
    let first = bits.multipliedFullWidth(by: 0x1319_8A2E_0370_7345)
    let folded = (first.high ^ first.low) ^ 0xA409_3822_299F_31D0
    let second = folded.multipliedFullWidth(by: 0x082E_FA98_EC4E_6C89)
    return second.high ^ second.low
  }

  @inline(__always)
  private static func insert(hash: UInt64, into registers: UnsafeMutableBufferPointer<UInt8>) {
    let index = Int(truncatingIfNeeded: hash >> UInt64(64 - precision))
    // The bit below the 54 stops the count of zeros, so that no register exceeds 55.
    let rest = (hash << UInt64(precision)) | (1 << UInt64(precision - 1))
    let rank = UInt8(truncatingIfNeeded: rest.leadingZeroBitCount &+ 1)
    // Always stored: while the registers fill up nobody can predict which value raises one.
    let before = unsafe registers[index]
    unsafe registers[index] = before < rank ? rank : before
  }

  /// Ertl's estimator from the number of registers of each value (`multiplicities[k]` = C_k).
  static func estimate(multiplicities: [Int]) -> Double {
    let registers = Double(registerCount)
    let top = Int(maximumRegister)
    if multiplicities[0] == registerCount { return 0 }
    var sum = registers * tau(1 - Double(multiplicities[top]) / registers)
    for rank in stride(from: top - 1, through: 1, by: -1) {
      sum = 0.5 * (sum + Double(multiplicities[rank]))
    }
    sum += registers * sigma(Double(multiplicities[0]) / registers)
    // 1 / (2 ln 2), the limit of HyperLogLog's bias factor.
    return 0.721_347_520_444_481_7 * registers * registers / sum
  }

  /// `σ(x) = x + Σ_{k≥1} x^(2^k) 2^(k−1)`, for the registers that are still empty.
  private static func sigma(_ share: Double) -> Double {
    var (power, factor, sum) = (share, 1.0, share)
    while true {
      power *= power
      let previous = sum
      sum += power * factor
      factor += factor
      if sum == previous { return sum }
    }
  }

  /// `τ(x) = (1 − x − Σ_{k≥1} (1 − x^(2^−k))² 2^−k) / 3`, for the registers that are full.
  private static func tau(_ share: Double) -> Double {
    if share == 0 || share == 1 { return 0 }
    var (root, factor, sum) = (share, 1.0, 1 - share)
    while true {
      root = root.squareRoot()
      let previous = sum
      factor *= 0.5
      sum -= (1 - root) * (1 - root) * factor
      if sum == previous { return sum / 3 }
    }
  }
}

extension DistinctCount: ByteCodable {
  /// Appends the registers, sparse ones as pairs.
  ///
  /// Layout: the number of set registers n. While n is at most a third of all, n pairs follow: the
  /// index's distance from the last one, the register. Otherwise all registers, a byte each.
  public func encode(into writer: inout ByteWriter) {
    let setCount = registers.count { $0 != 0 }
    writer.write(varint: UInt64(setCount))
    guard setCount <= Self.registerCount / 3 else {
      writer.write(raw: registers)
      return
    }
    var next = 0
    for (index, register) in registers.enumerated() where register != 0 {
      writer.write(varint: UInt64(index - next))
      writer.write(byte: register)
      next = index + 1
    }
  }

  /// Reads what ``encode(into:)`` wrote.
  public init(from reader: inout ByteReader) throws(CodingError) {
    self.init()
    let start = reader.offset
    let setCount = try reader.readCount(limit: Self.registerCount)
    let isSparse = setCount <= Self.registerCount / 3
    var index = 0
    for _ in 0..<(isSparse ? setCount : Self.registerCount) {
      if isSparse { index += try reader.readCount(limit: Self.registerCount) }
      let offset = reader.offset
      let register = try reader.readByte()
      guard index < Self.registerCount, register <= Self.maximumRegister,
        !isSparse || register > 0
      else { throw .invalid(offset: offset) }
      registers[index] = register
      index += 1
    }
    guard registers.count(where: { $0 != 0 }) == setCount else { throw .invalid(offset: start) }
  }
}
