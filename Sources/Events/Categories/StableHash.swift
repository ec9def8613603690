internal import CXXHash

/// A hash that is the same on every machine and in every run.
///
/// For what is merged, sampled or written down. XXH3, 64 bits.
///
/// - **Source**: Y. Collet, xxHash 0.8, `doc/xxhash_spec.md`.
public enum StableHash {
  /// The hash of some bytes.
  ///
  /// - Complexity: O(bytes).
  public static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    unsafe leeway_xxh3(bytes.baseAddress, bytes.count, seed)
  }

  /// The hash of some bytes.
  ///
  /// - Complexity: O(bytes).
  public static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe hash($0, seed: seed) }
  }

  /// The hash of some bytes as 16 hex digits.
  ///
  /// - Complexity: O(bytes).
  public static func digits(_ bytes: Span<UInt8>) -> String {
    let digits = String(hash(bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
