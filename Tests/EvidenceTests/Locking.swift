import Foundation
import SlipwayModel
import TestSupport
import Testing

/// A lock file in a folder, and the command that refreshes it, as a user runs it.
struct Locking {
  let folder: TemporaryFolder
  static let file = "Lock.json"

  /// Digests and commits that nothing has.
  static let noDigest = "sha256:" + String(repeating: "0", count: 64)
  static let noCommit = String(repeating: "0", count: 40)

  @discardableResult
  func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Tool.Output {
    try await Tool.built(
      "slipway-gate",
      ["lock", "--lock", Self.file, "--today", "2030-01-02"] + arguments,
      in: folder.path, environment: environment)
  }

  var text: String { get throws { try folder.read(Self.file) } }

  /// The file as a foreign reader has it.
  func read() throws -> Contents {
    try JSONDecoder().decode(Contents.self, from: Data(try text.utf8))
  }

  struct Contents: Decodable, Equatable {
    struct Entry: Decodable, Equatable {
      var name: String
      var tag: String?
      var version: String?
      var digest: String?
      var commit: String?
      var binding: String?
      var platforms: [String]?
      var read: String?
      var sources: [String]?
      var why: String?
    }
    var images: [Entry]
    var actions: [Entry]
    var unlocked: [Entry]
  }
}

/// A lock file with these entries, the way the committed one is written.
func lockFile(images: [(name: String, tag: String)] = [], actions: [(String, String)] = [])
  -> String
{
  let images = images.map {
    """
        {
          "name": "\($0.name)",
          "tag": "\($0.tag)",
          "digest": "\(Locking.noDigest)",
          "binding": "\(ImageLock.binding($0.name, $0.tag, Locking.noDigest))",
          "platforms": [],
          "read": "2026-11-21",
          "sources": [
            "elsewhere"
          ]
        }
    """
  }
  let actions = actions.map {
    """
        {
          "name": "\($0.0)",
          "version": "\($0.1)",
          "commit": "\(Locking.noCommit)",
          "binding": "\(ImageLock.binding($0.0, $0.1, Locking.noCommit))",
          "read": "2026-11-21",
          "sources": [
            "elsewhere"
          ]
        }
    """
  }
  func list(_ entries: [String]) -> String {
    entries.isEmpty ? "[]" : "[\n\(entries.joined(separator: ",\n"))\n  ]"
  }
  return """
    {
      "images": \(list(images)),
      "actions": \(list(actions)),
      "unlocked": [
        {
          "name": "registry.example/app",
          "tag": "9",
          "why": "One source."
        }
      ],
      "later": {
        "what": 1.50
      }
    }

    """
}

/// A folder with a lock file.
func withLock<Result>(
  _ text: String, _ body: (Locking) async throws -> Result
) async throws -> Result {
  try await withTemporaryFolder { folder in
    try folder.write(text, to: Locking.file)
    return try await body(Locking(folder: folder))
  }
}

extension Tool.Output {
  /// The findings, without the breaks that the width of a page puts into them.
  var words: String { stderr.replacing(/\s+/, with: " ") }
}

extension TemporaryFolder {
  /// A program that another process has written: one that this process holds open for writing, or
  /// that a child which is just starting does, cannot be started ("text file busy").
  func program(_ text: String, to name: String) async throws {
    let plain = try write(text, to: name + ".txt")
    let made = try await Tool.run(
      "busybox", ["sh", "-c", "cp \"$0\" \"$1\" && chmod 755 \"$1\"", plain, path(of: name)])
    guard made.status == 0 else { throw Tool.Failure.missing(path: name) }
  }
}

/// What a refused run leaves behind: the file as it was, and nothing beside it.
func expectUntouched(
  _ locking: Locking, _ text: String, at location: SourceLocation = #_sourceLocation
) throws {
  let now = try locking.text
  #expect(now == text, sourceLocation: location)
  let left = try FileManager.default.contentsOfDirectory(atPath: locking.folder.path)
    .filter { $0.contains("slipway-new") }
  #expect(left == [], sourceLocation: location)
}
