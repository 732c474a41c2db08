import Foundation
import Testing
struct DumpTests {
  @Test func dump() throws {
    let x = try Emitted.flowrex()
    for f in x.findings { print(f.severity, f.rule, f.message) }
    for (p, t) in x.texts {
      let f = "/tmp/delivout/\(p)"
      try FileManager.default.createDirectory(atPath: (f as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try t.write(toFile: f, atomically: true, encoding: .utf8)
    }
  }
}
