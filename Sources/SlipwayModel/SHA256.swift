/// SHA-256 (FIPS 180-4).
///
/// Here so that generating needs no cryptography package, which would cost a first build more than
/// all the rest of the generator (docs/decisions/0003); names of configs and the manifest need a
/// digest that other tools can check. Not for secrets: nothing here runs in constant time.
package enum SHA256 {
  /// The digest of some bytes, in lower-case hexadecimal digits.
  package static func hex(_ bytes: some Sequence<UInt8>) -> String {
    var message = Array(bytes)
    let length = UInt64(message.count) * 8
    message.append(0x80)
    message += repeatElement(0, count: (120 - message.count % 64) % 64)
    message += (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
    return digits(of: state(after: message))
  }

  /// The digest of a text's UTF-8 bytes.
  package static func hex(_ text: String) -> String { hex(text.utf8) }

  private static func digits(of state: SIMD8<UInt32>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let bytes = (0..<64).map { digits[Int(state[$0 / 8] &>> UInt32(28 - 4 * ($0 % 8)) & 15)] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What is left of a padded message. All buffers are local and of fixed size, and their bounds
  /// hold by construction: a check for each of a million words would take longer than the rest.
  private static func state(after message: [UInt8]) -> SIMD8<UInt32> {
    var state = initial
    constants.withUnsafeBufferPointer { constants in
      message.withUnsafeBufferPointer { message in
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
          words.initialize(repeating: 0)
          for block in stride(from: 0, to: message.count, by: 64) {
            schedule(message, from: block, into: words)
            compress(UnsafeBufferPointer(words), constants, into: &state)
          }
        }
      }
    }
    return state
  }

  /// The 64 words of the block that starts at `block`. (FIPS 180-4, 6.2.2, step 1)
  private static func schedule(
    _ message: UnsafeBufferPointer<UInt8>, from block: Int,
    into words: UnsafeMutableBufferPointer<UInt32>
  ) {
    for index in 0..<16 {
      let byte = block &+ 4 &* index
      let high = UInt32(message[byte]) &<< 24 | UInt32(message[byte &+ 1]) &<< 16
      words[index] = high | UInt32(message[byte &+ 2]) &<< 8 | UInt32(message[byte &+ 3])
    }
    for index in 16..<64 {
      let (first, second) = (words[index &- 15], words[index &- 2])
      let small = rotate(first, 7) ^ rotate(first, 18) ^ (first &>> 3)
      let large = rotate(second, 17) ^ rotate(second, 19) ^ (second &>> 10)
      words[index] = words[index &- 16] &+ small &+ words[index &- 7] &+ large
    }
  }

  /// Steps 2 to 4: the working variables are called as in the standard.
  private static func compress(
    _ words: UnsafeBufferPointer<UInt32>, _ constants: UnsafeBufferPointer<UInt32>,
    into state: inout SIMD8<UInt32>
  ) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    // In each step of the standard all variables move on by one name. Eight steps bring each back
    // to its own, so here the names move and the values stay.
    for index in stride(from: 0, to: 64, by: 8) {
      step(a, b, c, &d, e, f, g, &h, constants[index] &+ words[index])
      step(h, a, b, &c, d, e, f, &g, constants[index &+ 1] &+ words[index &+ 1])
      step(g, h, a, &b, c, d, e, &f, constants[index &+ 2] &+ words[index &+ 2])
      step(f, g, h, &a, b, c, d, &e, constants[index &+ 3] &+ words[index &+ 3])
      step(e, f, g, &h, a, b, c, &d, constants[index &+ 4] &+ words[index &+ 4])
      step(d, e, f, &g, h, a, b, &c, constants[index &+ 5] &+ words[index &+ 5])
      step(c, d, e, &f, g, h, a, &b, constants[index &+ 6] &+ words[index &+ 6])
      step(b, c, d, &e, f, g, h, &a, constants[index &+ 7] &+ words[index &+ 7])
    }
    state &+= SIMD8(a, b, c, d, e, f, g, h)
  }

  /// One step; `h` becomes the next `a`, and `d` the next `e`.
  @inline(__always)
  private static func step(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
    _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
  ) {
    let choose = g ^ (e & (f ^ g))
    let majority = (a & b) | (c & (a | b))
    let first = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choose &+ word
    d = d &+ first
    h = first &+ (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
  }

  @inline(__always)
  private static func rotate(_ word: UInt32, _ by: UInt32) -> UInt32 {
    word &>> by | word &<< (32 &- by)
  }

  private static let initial: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
    0x5be0_cd19,
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
