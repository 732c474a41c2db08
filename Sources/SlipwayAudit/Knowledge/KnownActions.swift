/// Actions that no longer run, by what was known in November 2026.
///
/// Sources: the changelog of GitHub for artifacts v3 (April 2024), caches (February 2025), node 16
/// (October 2024) and node 20 (September 2026); the repositories' own notes for archived ones.
enum KnownActions {
  /// The last major version that is switched off or runs on a removed runtime.
  private static let retired: [String: Int] = [
    "actions/upload-artifact": 3, "actions/download-artifact": 3, "actions/cache": 2,
    "actions/checkout": 3, "actions/setup-python": 4, "actions/setup-node": 3,
    "actions/setup-go": 3, "actions/setup-java": 3, "actions/github-script": 6,
    "codecov/codecov-action": 3, "docker/build-push-action": 4, "docker/login-action": 2,
    "docker/setup-buildx-action": 2, "docker/setup-qemu-action": 2, "docker/metadata-action": 4,
    "aws-actions/configure-aws-credentials": 2, "hashicorp/setup-terraform": 2,
  ]
  /// Actions whose repositories are closed.
  private static let archived: Set = [
    "8398a7/action-slack", "actions-rs/toolchain", "actions-rs/cargo", "actions/create-release",
    "actions/upload-release-asset", "actions/setup-ruby", "rtCamp/action-slack-notify",
  ]

  /// Why an action no longer runs; `nil` if nothing is known against it.
  static func problem(_ uses: String) -> String? {
    let (name, version) = uses.cut(at: "@")
    if archived.contains(name) {
      return "action '\(name)' is archived: nobody repairs it, and its inputs are not kept up"
    }
    guard let last = retired[name], let version, version.hasPrefix("v"),
      let major = Int(version.dropFirst().cut(at: ".").before), major <= last
    else { return nil }
    return "action '\(name)' of version \(major) is switched off or needs a runtime that is gone"
  }
}
