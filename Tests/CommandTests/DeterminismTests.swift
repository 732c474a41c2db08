import Foundation
import TestSupport
import Testing

/// The same specification gives the same bytes: whatever the process's hash seed, locale, time
/// zone or working folder.
struct DeterminismTests {
  @Test(.covers("S17-PR-02"))
  func `two hundred processes write the same bytes`() async throws {
    let expected = try digest(of: packageRoot)
    try await withTemporaryFolder { root in
      let surroundings = [
        ["LC_ALL": "C", "TZ": "UTC"], ["LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"],
        ["LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns"], ["LANG": "ar_EG.UTF-8"],
      ]
      var different: [Int] = []
      try await withThrowingTaskGroup(of: Int?.self) { group in
        // Two at a time: whoever else needs a child waits for these only.
        for number in 0..<200 {
          if number >= 2, let late = try await group.next() ?? nil { different.append(late) }
          group.addTask {
            let folder = root.path(of: "\(number % 8)/\(number)")
            try Self.makeRepository(at: folder)
            let names = Self.environments(of: number)
            let result = try await Tool.built(
              "slipway", ["generate", "--output", "."] + names.flatMap { ["--environment", $0] },
              in: folder, environment: surroundings[number / 4 % surroundings.count])
            let wanted = expected.filter { file in
              names.isEmpty || names.contains { file.key.hasPrefix("generated/\($0)/") }
            }
            let same = try result.status == 0 && digest(of: folder) == wanted
            try FileManager.default.removeItem(atPath: folder)
            return same ? nil : number
          }
        }
        for try await number in group { if let number { different.append(number) } }
      }
      #expect(different == [])
    }
  }
}

extension DeterminismTests {
  /// Every twentieth process makes everything; the others make one environment each, half of them
  /// the smallest.
  fileprivate static func environments(of number: Int) -> [String] {
    number % 20 == 0 ? [] : [["dev", "staging", "dev", "prod"][number % 4]]
  }

  fileprivate static func makeRepository(at folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/environments", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: packageRoot + "/environments/Lock.json", toPath: folder + "/environments/Lock.json")
  }
}

/// All generated files of a repository, by path.
private func digest(of root: String) throws -> [String: String] {
  var files: [String: String] = [:]
  for folder in ["generated", ".github/workflows"] {
    let paths = FileManager.default.enumerator(atPath: root + "/" + folder)
    while let path = paths?.nextObject() as? String {
      let full = "\(root)/\(folder)/\(path)"
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      files["\(folder)/\(path)"] = try String(contentsOfFile: full, encoding: .utf8)
    }
  }
  if let text = try? String(contentsOfFile: root + "/.env.example", encoding: .utf8) {
    files[".env.example"] = text
  }
  return files
}
