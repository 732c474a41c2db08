/// A set of ASCII bytes, asked in constant time.
struct ByteSet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  init(_ characters: String) {
    for byte in characters.utf8 where byte < 128 {
      if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }
  }

  func contains(_ byte: UInt8) -> Bool {
    if byte < 64 { return low & (1 &<< UInt64(byte)) != 0 }
    return byte < 128 && high & (1 &<< UInt64(byte &- 64)) != 0
  }

  static let digits = ByteSet("0123456789")
  static let hexadecimal = ByteSet("0123456789abcdef")
  /// What AWS makes its key names of (RFC 4648 base32).
  static let base32 = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
  static let upperDigits = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
  static let alphanumeric = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  /// Names of variables and keys.
  static let word = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.")
  static let token = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
  static let base64 = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  static let base64Any = ByteSet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
  /// What a scheme of an address may hold.
  static let scheme = ByteSet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+.-")
  /// What ends the part of an address in which a user and a password may stand.
  static let endsUserinfo = ByteSet(" \t\r\n\"'`<>/?#,;|()\u{5C}")
  static let blank = ByteSet(" \t")
  static let ends = ByteSet(" \t\r\n\"'`,;")
  static let quote = ByteSet("\"'`")
}

/// The bytes of one file, read without a check of each index: what asks stays inside `count`.
struct Text {
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }

  subscript(_ index: Int) -> UInt8 { bytes[index] }

  func slice(_ range: Range<Int>) -> [UInt8] { Array(bytes[range]) }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Whether a text stands at an offset.
  func has(_ text: [UInt8], at offset: Int) -> Bool {
    guard offset >= 0, offset + text.count <= count else { return false }
    for index in text.indices where bytes[offset + index] != text[index] { return false }
    return true
  }

  /// Where a run of these bytes that begins at an offset ends.
  func end(of set: ByteSet, from offset: Int, atMost length: Int = 65_536) -> Int {
    var index = offset
    let last = min(count, offset + length)
    while index < last, set.contains(bytes[index]) { index += 1 }
    return index
  }

  /// Where a run of these bytes that ends before an offset begins.
  func start(of set: ByteSet, before offset: Int, atMost length: Int = 128) -> Int {
    var index = offset
    let first = max(0, offset - length)
    while index > first, set.contains(bytes[index - 1]) { index -= 1 }
    return index
  }
}
