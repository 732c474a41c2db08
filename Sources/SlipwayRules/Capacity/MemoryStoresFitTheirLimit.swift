import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Redis stops taking data before the engine kills it for its memory. Looks at the bytes of its
/// configuration and of the stack. (S18-HS-09, C-37)
package enum MemoryStoresFitTheirLimit: Rule {
  package static let id = "capacity/memory-stores-fit-their-limit"
  package static let why = "the engine kills a container at its limit, and what it held is gone"
  package static let fix = "raise the store's `limit:`, or lower its `memory:`"
  package static let source = ["S18-HS-09", "C-37", "S18-DC-14"]

  package static let breakers: [Breaker] = [
    .file(
      "a store that fills its container", "redis-state/redis.conf", replacing: "maxmemory ",
      with: "maxmemory 9"),
    .file(
      "a store without a bound", "redis-cache/redis.conf", replacing: "maxmemory ",
      with: "# maxmemory "),
  ]

  private static let setting = ByteSearch("maxmemory ")

  private static func bytes(in line: Substring) -> Int? {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, words[0] == "maxmemory", words[1].utf8.allSatisfy(\.isASCIIDigit) else {
      return nil
    }
    return Int(words[1])
  }

  package static func check(_ subject: Subject) -> [Violation] {
    [PartName.redisCache, PartName.redisState].compactMap { name in
      guard let file = subject.file("\(name)/redis.conf"),
        let service = subject.environment.service(name)
      else { return nil }
      let written = service.written(.size)
      let stated = setting.lines(of: file.text).lazy.compactMap { bytes(in: $0.text) }.first
      guard let bytes = stated else {
        return Violation(.unbounded(name), written: written, lands: Landing(path: file.path))
      }
      let limit = service.size.limit.memory.bytes
      guard bytes >= limit else { return nil }
      return Violation(.full(name, bytes, limit), written: written, lands: Landing(path: file.path))
    }
  }
}

extension String {
  fileprivate static func unbounded(_ name: String) -> String {
    "'\(name)' has no bound of its memory"
  }
  fileprivate static func full(_ name: String, _ bytes: Int, _ limit: Int) -> String {
    "'\(name)' takes up to \(bytes) bytes of data, and its container has \(limit)"
  }
}
