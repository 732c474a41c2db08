import Foundation
import TestSupport
import Testing

/// `Examples/Ledgerly`, built as what it is: another team's package.
///
/// The build is kept between runs in a folder that git ignores; only the first one takes long.
actor Ledgerly {
  static let shared = Ledgerly()
  static let folder = packageRoot + "/Examples/Ledgerly"
  static let scratch = packageRoot + "/.build-ledgerly"

  private var build: Task<String, any Error>?

  /// The path of the executable; built by whoever asks first.
  func executable() async throws -> String {
    let task =
      build
      ?? Task {
        let output = try await Tool.package(
          [
            "build", "--disable-index-store", "--package-path", Self.folder, "--scratch-path",
            Self.scratch,
          ])
        try #require(output.status == 0, "\(output)")
        return Self.scratch + "/debug/ledgerly"
      }
    build = task
    return try await task.value
  }

  /// Runs its executable over a folder.
  static func run(_ command: String, at folder: TemporaryFolder) async throws -> Tool.Output {
    let path = try await shared.executable()
    return try await Tool.program(path, [command, "--output", folder.path])
  }

  /// A folder with everything that it generates.
  static func withGenerated(_ body: (TemporaryFolder) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let output = try await run("generate", at: folder)
      try #require(output.status == 0, "\(output)")
      #expect(output.stdout.hasPrefix("generated prod: "), "\(output)")
      try await body(folder)
    }
  }
}

extension TemporaryFolder {
  /// The files below a folder, by path.
  func files(below folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path(of: folder)).sorted()
      .map { "\(folder)/\($0)" }
      .filter { file in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path(of: file), isDirectory: &isFolder)
          && !isFolder.boolValue
      }
  }
}
