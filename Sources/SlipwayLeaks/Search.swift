#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Texts that are looked for all at once, in one pass: their first three bytes, folded into 16
/// bits, say at nearly every place of a file that none of them stands there.
struct Anchors: Sendable {
  private var filter = [UInt64](repeating: 0, count: 1_024)
  private var starts: [UInt32: [Int]] = [:]
  private let texts: [[UInt8]]

  /// - Parameter texts: Each of at least three bytes.
  init(_ texts: [[UInt8]]) {
    self.texts = texts
    for (index, text) in texts.enumerated() {
      let start = UInt32(text[0]) | UInt32(text[1]) << 8 | UInt32(text[2]) << 16
      starts[start, default: []].append(index)
      let place = Int((start &* 2_654_435_761) &>> 16)
      filter[place >> 6] |= 1 << UInt64(place & 63)
    }
  }

  /// Calls `body` with the number of each text that is found, and where.
  func each(in text: Text, _ body: (Int, Int) -> Void) {
    guard text.count >= 3, let base = text.bytes.baseAddress else { return }
    var word = UInt32(base[0]) &<< 8 | UInt32(base[1]) &<< 16
    filter.withUnsafeBufferPointer { filter in
      var index = 2
      let count = text.count
      while index < count {
        word = word &>> 8 | UInt32(base[index]) &<< 16
        let place = Int(truncatingIfNeeded: (word &* 2_654_435_761) &>> 16)
        if filter[place &>> 6] & (1 &<< UInt64(truncatingIfNeeded: place & 63)) != 0,
          let hits = starts[word]
        {
          for hit in hits where text.has(texts[hit], at: index &- 2) { body(hit, index &- 2) }
        }
        index &+= 1
      }
    }
  }
}

extension Text {
  /// Where lines begin.
  func lineStarts() -> [Int] {
    var starts = [0]
    guard let base = bytes.baseAddress else { return starts }
    var index = 0
    while index < count, let hit = memchr(base + index, 0x0A, count - index) {
      index = UnsafeRawPointer(hit) - UnsafeRawPointer(base) + 1
      starts.append(index)
    }
    return starts
  }
}

extension [Int] {
  /// The last place at which a number of these, which grow, is not greater; 0 if all are.
  func lastIndex(atMost number: Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= number { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : low - 1
  }
}
