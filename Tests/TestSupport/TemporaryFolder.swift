import Foundation

/// A folder that exists as long as the closure of `withTemporaryFolder` runs.
package struct TemporaryFolder: Sendable {
  package let path: String

  fileprivate init() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("slipway-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    path = folder.path
  }

  fileprivate func remove() {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The full path of something inside.
  package func path(of name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, with the folders above it, and returns its full path.
  @discardableResult
  package func write(_ text: String, to name: String, executable: Bool = false) throws -> String {
    let file = path(of: name)
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    if executable {
      try writeProgram(text, to: file)
    } else {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }
    return file
  }

  /// A program is written by a child: a descriptor of this process could live on in a child that
  /// starts at that moment, and what is open for writing does not start ("Text file busy").
  private func writeProgram(_ text: String, to file: String) throws {
    let output = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", #"cat >"$1" && chmod 755 "$1""#, "sh", file],
      folder: path, input: text, environment: ["PATH": "/usr/bin:/bin"], limit: .seconds(60)
    ).run()
    guard output.status == 0 else {
      throw Tool.Failure.notStarted(path: file, reason: output.stderr)
    }
  }

  package func read(_ name: String) throws -> String {
    let data = try Data(contentsOf: URL(fileURLWithPath: path(of: name)))
    return String(decoding: data, as: UTF8.self)
  }
}

/// Makes a folder, runs `body`, removes the folder with all it holds, also when `body` throws.
package func withTemporaryFolder<Result>(
  _ body: (TemporaryFolder) throws -> Result
) throws -> Result {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  return try body(folder)
}

/// The same for a body that awaits.
package func withTemporaryFolder<Result>(
  isolation: isolated (any Actor)? = #isolation,
  _ body: (TemporaryFolder) async throws -> Result
) async throws -> Result {
  let folder = try TemporaryFolder()
  defer { folder.remove() }
  return try await body(folder)
}
