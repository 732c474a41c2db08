/// Bounds that every printer and reader of this module keeps.
///
/// They are far above what a deployment needs and far below what would exhaust a machine, so that
/// a file from anywhere can be read without fear.
package enum DocumentLimits {
  /// Levels of nesting. Printers and readers recurse once per level, so this bounds their stack.
  package static let depth = 128
  /// Bytes of one document; no person reviews a hundredth of it.
  package static let bytes = 16 * 1_024 * 1_024
  /// Nodes of one document after aliases are resolved, so that ten lines of YAML cannot become a
  /// billion nodes.
  package static let nodes = 1_000_000
}
