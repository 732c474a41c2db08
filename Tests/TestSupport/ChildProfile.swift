import Foundation

/// Where programs of ours that tests start leave which of their lines ran.
package enum ChildProfile {
  private static let folder = ProcessInfo.processInfo.environment["CHILD_PROFILES"]

  /// Whether somebody wants to know, by `CHILD_PROFILES`; `scripts/test` does not (open-points.md).
  package static var isWanted: Bool { folder != nil }

  /// The value of `LLVM_PROFILE_FILE` for a child. Processes of one program merge what they
  /// counted into four files as they end, so that hundreds of them leave four.
  package static let file = folder.map { "\($0)/children-%4m.profraw" } ?? "/dev/null"
}
