import HardStops
import TestSupport
import Testing

/// References between files: whatever is cut in generated text is found, in the right file.
struct EdgeTests {
  private static let uncut = Result { try Uncut() }

  @Test func `every kind of reference is cut at least once`() {
    #expect(Set(EdgeCut.all.map(\.kind)) == Set(EdgeKind.allCases))
    #expect(Set(EdgeCut.all.map { "\($0.path) \($0.old) \($0.new)" }).count == EdgeCut.all.count)
    #expect(Set(EdgeCut.all.map(\.environment)) == ["dev", "staging", "prod", ""])
  }

  @Test(arguments: EdgeCut.all)
  func `a cut is found, where it is seen`(cut: EdgeCut) throws {
    let found = try Self.uncut.get().found(in: cut.environment, cut: cut)
    #expect(found.contains("\(cut.rule) \(cut.found)"), "\(Set(found).sorted())")
  }

  @Test func `nothing is found where nothing was cut`() throws {
    let uncut = try Self.uncut.get()
    #expect(uncut.names == ["dev", "staging", "prod"])
    for name in uncut.names { #expect(try uncut.found(in: name) == [], "\(name)") }
  }
}
