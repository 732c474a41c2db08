import Foundation
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// What a specification says is what a process sees, whatever it says. (F7)
struct HostileStringTests {
  @Test func `there are more than a hundred hostile values, each another`() {
    // By bytes: as text, some of them are equal to others.
    let distinct = Set(HostileStrings.listed.map { Array($0.utf8) })
    #expect(distinct.count >= 200)
  }

  @Test(.timeLimit(.minutes(2)))
  func `a started container sees every value, on Compose and on Swarm`() async throws {
    let values = HostileStrings.listed + HostileStrings.random(5_000, seed: 41)
    try await withTemporaryFolder { folder in
      for target in StackTarget.allCases {
        let service = Self.probe(values).with { $0.image = .unlocked(name: "probe", tag: "1") }
        for (path, text) in try Clean.print(service, for: target) {
          try folder.write(text, to: path)
        }
      }
      let script = "\(packageRoot)/Tests/StackEmitterTests/rehearsals/values.sh"
      let output = try await Tool.script(
        "engine",
        ["run", "--swarm", "--timeout", "80", "--", script, packageRoot, folder.path],
        timeout: .seconds(100))
      try #require(output.status == 0, "\(output)")
      for target in StackTarget.allCases {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path(of: target.rawValue)))
        var seen: [String: Data] = [:]
        for entry in bytes.split(separator: 0) {
          let equals = try #require(entry.firstIndex(of: UInt8(ascii: "=")))
          let key = String(decoding: entry[..<equals], as: UTF8.self)
          seen[key] = Data(entry[entry.index(after: equals)...])
        }
        for (index, value) in values.enumerated() {
          let got = seen["V\(index)"].map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
          #expect(
            got.utf8.elementsEqual(value.utf8),
            "\(target): \(value.debugDescription) became \(got.debugDescription)")
        }
      }
    }
  }

  /// Compose reads both forms: the map of a stack, and the files of a developer's machine.
  @Test(.timeLimit(.minutes(3)), arguments: StackTarget.allCases)
  func `fifty thousand random values survive Compose`(_ target: StackTarget) async throws {
    let (batches, size) = (5, 10_000)
    var wrong: [String] = []
    for batch in 0..<batches {
      let seed = UInt64(batch) + (target == .swarm ? 100 : 0)
      let values = HostileStrings.random(size, seed: seed)
      let printed = try Clean.print(Self.probe(values), for: target)
      let output = try await withTemporaryFolder { folder in
        for (path, text) in printed { try folder.write(text, to: path) }
        return try await Tool.run(
          "docker-compose",
          ["--file", folder.path(of: Clean.compose(target)), "config", "--format", "json"])
      }
      try #require(output.status == 0, "\(output.stderr.prefix(2_000))")
      let file = try JSONDecoder().decode(ComposeFile.self, from: Data(output.stdout.utf8))
      let seen = try #require(file.services["probe"]).environment
      try #require(seen.count == size)
      for (index, value) in values.enumerated() {
        // What it prints can be read again, and so has its dollars doubled; it leaves alone what
        // Swarm would take for a template.
        let template = target == .swarm ? value.doubling("{{", as: #"{{"{{"}}"#) : value
        let expected = template.doubling("$", as: "$$")
        let got = seen["V\(index)"] ?? "nothing"
        if !got.utf8.elementsEqual(expected.utf8) {
          wrong.append("\(value.debugDescription) became \(got.debugDescription)")
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count), such as \(wrong.prefix(5))")
  }

  private static func probe(_ values: [String]) -> ResolvedService {
    Clean.service.with { service in
      service.environment = values.enumerated().map {
        EnvironmentEntry("V\($0.offset)", $0.element)
      }
    }
  }
}

extension String {
  /// By bytes, for a character may be a dollar and a combining mark.
  fileprivate func doubling(_ old: String, as new: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let first = rest.first {
      let isHere = rest.starts(with: old.utf8)
      bytes += isHere ? Array(new.utf8) : [first]
      rest = rest.dropFirst(isHere ? old.utf8.count : 1)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

private struct ComposeFile: Decodable {
  struct Service: Decodable { let environment: [String: String] }
  let services: [String: Service]
}
