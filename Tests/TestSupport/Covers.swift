package import Testing

/// Says which requirements a test would fail without. It changes nothing of how the test runs: the
/// ids are read from the source text and end in `docs/traceability.md`.
///
///     @Test(.covers("S17-HS-06", "C-22")) func `debug does not compile in production`() {}
package struct CoversTrait: TestTrait, SuiteTrait {
  /// Rows of `docs/requirements/`, as written.
  package let ids: [String]
}

extension Trait where Self == CoversTrait {
  /// - Parameter ids: Plain literals: whoever reads them does not run the test.
  package static func covers(_ ids: String...) -> Self { CoversTrait(ids: ids) }
}
