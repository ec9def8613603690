internal import CVector

/// The spelling of the row before with its code: a row that repeats it need not be hashed.
///
/// Only spellings of up to 16 bytes are kept; no cell matches before one is.
struct RepeatedSpelling {
  /// The code of the spelling.
  private(set) var code: UInt32 = 0
  /// The cell without its offset: tag and length. No cell is 0.
  private var form: UInt64 = 0
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// The bits of `low` and `high` that are of the spelling.
  private var lowMask: UInt64 = 0
  private var highMask: UInt64 = 0

  /// Whether a cell has the same tag, length and bytes.
  ///
  /// After the bytes 16 more must be readable.
  @inline(__always)
  func matches(_ bytes: UnsafePointer<UInt8>, _ bits: UInt64) -> Bool {
    guard bits & ~(0xFFF_FFFF << 20) == form else { return false }
    let lowDifference = unsafe (leeway_load64(bytes) ^ low) & lowMask
    let highDifference = unsafe (leeway_load64(bytes + 8) ^ high) & highMask
    return lowDifference | highDifference == 0
  }

  /// Keeps a cell's spelling, if it is short enough.
  @inline(__always)
  mutating func become(
    _ bytes: UnsafePointer<UInt8>,
    _ length: Int,
    _ bits: UInt64,
    _ code: UInt32
  ) {
    guard length <= 16 else { return }
    self.code = code
    form = bits & ~(0xFFF_FFFF << 20)
    unsafe low = leeway_load64(bytes)
    unsafe high = leeway_load64(bytes + 8)
    lowMask = length >= 8 ? .max : (1 &<< UInt64(8 &* length)) &- 1
    highMask = length >= 16 ? .max : length <= 8 ? 0 : (1 &<< UInt64(8 &* length &- 64)) &- 1
  }
}
