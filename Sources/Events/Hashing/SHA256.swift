/// SHA-256 of FIPS 180-4: what a page names its script by, and what keyed hashes are made with.
package enum SHA256 {
  /// The hash, 32 bytes.
  ///
  /// Linear in the message; meant for some 10 KB, not for speed.
  package static func hash(_ message: [UInt8]) -> [UInt8] {
    var state = initial
    for start in stride(from: 0, to: message.count + 9, by: 64) {
      compress(block(at: start, of: message), into: &state)
    }
    return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
  }

  /// A block of 64 bytes: the message, a one bit, zeros, and the length in bits.
  private static func block(at start: Int, of message: [UInt8]) -> [UInt8] {
    var block = Array(message.dropFirst(start).prefix(64))
    if block.count < 64 {
      if start + block.count == message.count, block.count > 0 || message.count % 64 == 0 {
        block.append(0x80)
      }
      block += [UInt8](repeating: 0, count: 64 - block.count)
    }
    // The last block has room for the length behind the one bit.
    if start + 64 >= message.count + 9 {
      let bits = UInt64(message.count) * 8
      for byte in 0..<8 {
        block[56 + byte] = UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64(byte)))
      }
    }
    return block
  }

  private static func compress(_ block: [UInt8], into state: inout [UInt32]) {
    var schedule = (0..<16).map { word in
      block[4 * word..<4 * word + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    for t in 16..<64 {
      let (near, far) = (schedule[t - 2], schedule[t - 15])
      let mixed = rotate(near, 17) ^ rotate(near, 19) ^ near >> 10
      let older = rotate(far, 7) ^ rotate(far, 18) ^ far >> 3
      schedule.append(mixed &+ schedule[t - 7] &+ older &+ schedule[t - 16])
    }
    var v = state
    for t in 0..<64 {
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let sum = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
      let first = v[7] &+ sum &+ choice &+ constants[t] &+ schedule[t]
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      let second = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) &+ majority
      v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for word in 0..<8 { state[word] &+= v[word] }
  }

  private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  private static let initial: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
