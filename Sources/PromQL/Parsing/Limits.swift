/// Bounds that keep a hostile text from costing more than it is worth.
package enum Limits {
  /// UTF-8 bytes of one expression. The longest of a hand-written rule file have a few thousand.
  package static let textBytesMax = 262_144
  /// Levels of one tree: parentheses, calls, signs, and the links of a chain such as `a + b + c`.
  /// Every walk of a tree recurses once a level; a debug build needs 1 MiB of stack for so many.
  package static let nestingMax = 128
}
