import Foundation
import SlipwayEvidence
import TestSupport
import Testing

/// What people sign with `ssh-keygen -Y sign`, and who may.
struct SignatureTests {
  /// Keys of two people, and a file that both signed.
  private static func sign(
    in folder: TemporaryFolder, namespace: String = "slipway"
  ) async throws -> (anna: String, ben: String) {
    try folder.write(#"{"a": 1}"#, to: "a.json")
    let script = """
      set -e
      cd "$1"
      ssh-keygen -q -t ed25519 -N '' -C anna -f anna
      ssh-keygen -q -t ed25519 -N '' -C ben -f ben
      ssh-keygen -q -Y sign -n "$2" -f anna a.json
      """
    let made = try await Tool.run("busybox", ["sh", "-c", script, "sh", folder.path, namespace])
    guard made.status == 0 else { throw Unexpected(what: "\(made)") }
    return (try folder.read("anna.pub"), try folder.read("ben.pub"))
  }

  private static func judge(_ folder: TemporaryFolder) -> Result<Set<String>, ReadingFailure> {
    let files = SignedFiles(signers: folder.path(of: "signers"), now: Scene.noon)
    return Result { () throws(ReadingFailure) in
      try files.file(folder.path(of: "a.json")).roles
    }
  }

  private static func clause(_ folder: TemporaryFolder) -> String? {
    guard case .failure(let error) = judge(folder) else { return nil }
    return error.clause
  }

  @Test func `a signature of ssh-keygen gives the roles of its key`() async throws {
    try await withTemporaryFolder { folder in
      let keys = try await Self.sign(in: folder)
      try folder.write(
        """
        # Who may sign.

        security,risk namespaces="slipway",valid-after="20260101" \(keys.anna)
        operations \(keys.ben)
        """, to: "signers")
      #expect(try Self.judge(folder).get() == ["security", "risk"])
    }
  }

  @Test func `another text, another purpose, a stranger and an old key are refused`() async throws {
    try await withTemporaryFolder { folder in
      let keys = try await Self.sign(in: folder)
      try folder.write("security \(keys.anna)", to: "signers")
      try folder.write(#"{"a": 2}"#, to: "a.json")
      #expect(Self.clause(folder) == "its signature is of another text")
      try folder.write(#"{"a": 1}"#, to: "a.json")
      #expect(Self.clause(folder) == nil)
      try folder.write("security \(keys.ben)", to: "signers")
      #expect(Self.clause(folder) == "whoever signed it is no known signer")
      try folder.write(#"security valid-before="20260601" \#(keys.anna)"#, to: "signers")
      #expect(Self.clause(folder) == "the key that signed it is not valid today")
      try folder.write(#"security namespaces="git" \#(keys.anna)"#, to: "signers")
      #expect(
        Self.clause(folder)
          == "the list of signers '\(folder.path(of: "signers"))': it names nobody")
      try folder.write("security \(keys.anna)", to: "signers")
      try folder.write("", to: "a.json.sig")
      #expect(Self.clause(folder) == "its signature is none of ssh-keygen")
      try FileManager.default.removeItem(atPath: folder.path(of: "a.json.sig"))
      #expect(Self.clause(folder) == "its signature '.sig' beside it: it is not there")
    }
    try await withTemporaryFolder { folder in
      let keys = try await Self.sign(in: folder, namespace: "file")
      try folder.write("security \(keys.anna)", to: "signers")
      #expect(Self.clause(folder) == "it was signed for 'file', not for 'slipway'")
    }
  }

  @Test(arguments: [
    ("", "it names nobody"), ("security", "line 1: roles, key type and key are expected"),
    ("security ssh-rsa AAAA", "line 1: only keys of the type ssh-ed25519 are taken"),
    ("security ssh-ed25519 %%%%", "line 1: the key is no base64"),
    ("security ssh-ed25519 AAAA", "line 1: its signature or key is torn"),
    (
      "security cert-authority ssh-ed25519 AAAA",
      "line 1: the option 'cert-authority' is not understood"
    ),
    (
      #"security valid-before="soon" ssh-ed25519 AAAA"#,
      "line 1: 'soon' is no day such as 20270101"
    ),
  ])
  func `a list of signers that is not clear is refused`(text: String, clause: String) {
    #expect(refusal(text, SignerList.read) == clause)
  }
}
