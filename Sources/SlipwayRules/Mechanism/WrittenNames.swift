import SlipwayDocuments

/// Bytes of names as they are written in scripts and settings.
extension UInt8 {
  /// `a`…`z`.
  var isSmallLetter: Bool { (0x61...0x7A).contains(self) }
  /// `A`…`Z`.
  var isCapitalLetter: Bool { (0x41...0x5A).contains(self) }
  /// `a`…`z` or `0`…`9`.
  var isSmallOrDigit: Bool { isSmallLetter || isASCIIDigit }
  var isFullStop: Bool { self == UInt8(ascii: ".") }
  var isHyphen: Bool { self == UInt8(ascii: "-") }
  var isUnderscore: Bool { self == UInt8(ascii: "_") }
}

extension String {
  /// The name at the front of these bytes; a name ends with a letter or a digit, so that a full
  /// stop behind one ends a sentence. `nil` for less than two bytes.
  func name(startingWith isFirst: (UInt8) -> Bool) -> String? {
    guard let end = utf8.lastIndex(where: \.isSmallOrDigit), let first = utf8.first,
      isFirst(first), end > utf8.startIndex
    else { return nil }
    return String(self[...end])
  }
}
