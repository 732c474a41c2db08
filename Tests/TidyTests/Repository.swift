import Foundation
import TestSupport

/// The files of the repository as people see them: no build folders, no tools, nothing hidden.
enum Repository {
  /// A text file with its path under the root.
  struct File: Sendable, CustomStringConvertible {
    let path: String
    let text: String

    let lines: [Substring]

    init(path: String, text: String) {
      self.path = path
      self.text = text
      lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Read once for all tests.
    var tokens: SwiftTokens { Repository.tokens[path] ?? SwiftTokens(text) }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var description: String { path }
  }

  /// Everything that people write.
  static let written =
    files(
      under: ["Sources", "Tests", "environments", "templates", "scripts", "docs", "Examples"]
    ) + files(named: ["Package.swift", "Makefile", "README.md", "CONTRIBUTING.md", ".ci/run"])

  static let swift = written.filter { $0.name.hasSuffix(".swift") }

  /// What runs in production or generates it.
  static let sources = swift.filter { $0.path.hasPrefix("Sources/") }

  fileprivate static let tokens = Dictionary(
    uniqueKeysWithValues: swift.map { ($0.path, SwiftTokens($0.text)) })

  static func file(_ path: String) -> File? { files(named: [path]).first }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(packageRoot)/\(path)")
  }

  private static func files(under folders: [String]) -> [File] {
    folders.flatMap { folder -> [File] in
      let paths =
        FileManager.default.enumerator(atPath: "\(packageRoot)/\(folder)")?
        .compactMap { $0 as? String } ?? []
      let visible = paths.filter { path in
        !path.split(separator: "/").contains { $0.hasPrefix(".") }
      }
      return files(named: visible.sorted().map { "\(folder)/\($0)" })
    }
  }

  /// Those of these files that are text.
  private static func files(named paths: [String]) -> [File] {
    paths.compactMap { path in
      let text = try? String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
      return text.map { File(path: path, text: $0) }
    }
  }
}
