import Foundation
import TestSupport
import Testing

/// The script that the delivery's key is bound to on a manager, with the real `ssh-keygen`.
struct ReceiveTests {
  private static let command = "generated/prod/scripts/deploy release.json"

  /// Who signs, if anybody, and whether the bundle is changed afterwards.
  enum Signature: String, CaseIterable {
    case right, none, stranger, otherPurpose = "other-purpose", changed, ofNoBundle = "of-no-bundle"
  }

  /// What the receiver does with `input`, which a shell prints inside a folder with keys.
  private func receive(
    _ input: String, asked: String = Self.command, signers: Bool = true
  ) async throws -> Tool.Output {
    try await withTemporaryFolder { folder in
      let text = try Emitted.flowrex().text("generated/delivery/receive-prod")
      #expect(text.contains("/etc/slipway/delivery-signers-prod"))
      let list = folder.path(of: "signers")
      try folder.write(
        text.replacing("/etc/slipway/delivery-signers-prod", with: list), to: "receive",
        executable: true)
      try folder.write(
        "#!/bin/sh\necho deployed \"$@\"\n", to: "generated/prod/scripts/deploy", executable: true)
      try folder.write("{}", to: "release.json")
      try folder.write("", to: "evidence/about.json")
      return try await Tool.run(
        "busybox",
        [
          "env", "SSH_ORIGINAL_COMMAND=\(asked)", "/bin/bash", "-c",
          """
          set -euo pipefail
          for name in ours stranger; do ssh-keygen -q -t ed25519 -N '' -C '' -f "${name}"; done
          if [[ $1 == yes ]]; then
            printf 'delivery namespaces="slipway-delivery" %s\\n' "$(cat ours.pub)" >signers
          fi
          tar --create --gzip --file bundle.tar.gz evidence generated/prod release.json
          sign() { ssh-keygen -q -Y sign -n "$2" -f "$1" bundle.tar.gz 2>&1; }
          { \(input); } | ./receive
          """, "bash", signers ? "yes" : "no",
        ], in: folder.path)
    }
  }

  private static let pack = "tar --create bundle.tar.gz bundle.tar.gz.sig"

  private static func carried(_ signature: Signature) -> String {
    switch signature {
    case .right: "sign ours slipway-delivery && \(pack)"
    case .none: "tar --create bundle.tar.gz"
    case .stranger: "sign stranger slipway-delivery && \(pack)"
    case .otherPurpose: "sign ours slipway && \(pack)"
    case .changed:
      "sign ours slipway-delivery && echo >>release.json && "
        + "tar --create --gzip --file bundle.tar.gz evidence generated/prod release.json && \(pack)"
    case .ofNoBundle:
      "echo hello >bundle.tar.gz && sign ours slipway-delivery && \(pack)"
    }
  }

  @Test(.covers("S17-CI-06"), arguments: Signature.allCases)
  func `a bundle that nobody signed runs nothing`(signature: Signature) async throws {
    let output = try await receive(Self.carried(signature))
    switch signature {
    case .right:
      #expect(output.status == 0, "\(output)")
      #expect(output.stdout == "deployed release.json\n")
    case .stranger, .otherPurpose, .changed:
      #expect(output.status == 2)
      #expect(output.stdout == "")
      #expect(
        output.stderr.hasSuffix(
          "error: nobody who may deliver to prod signed this bundle\n"), "\(output)")
    case .none, .ofNoBundle:
      #expect(output.status == 2)
      #expect(output.stdout == "")
      #expect(
        output.stderr.hasSuffix("error: standard input is no complete bundle for prod\n"),
        "\(output)")
    }
  }

  @Test func `without a list of signers nothing is run`() async throws {
    let output = try await receive(Self.carried(.right), signers: false)
    #expect(output.status == 2)
    #expect(output.stdout == "")
    #expect(output.stderr.hasPrefix("error: nobody may sign for prod: '"))
    #expect(output.stderr.hasSuffix("/signers' is missing\n"))
  }

  @Test func `the key asks for one command and nothing else`() async throws {
    for asked in ["", "sh", "generated/staging/scripts/deploy release.json"] {
      let output = try await receive("true", asked: asked)
      #expect(output.status == 2)
      #expect(output.stderr == "error: this key asks for '\(Self.command)' and nothing else\n")
    }
  }

  @Test func `what is no bundle is refused`() async throws {
    for input in ["true", "echo hello"] {
      let output = try await receive(input)
      #expect(output.status == 2)
      #expect(output.stderr == "error: standard input is no complete bundle for prod\n")
    }
  }
}
