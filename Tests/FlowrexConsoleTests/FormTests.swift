import FlowrexConsole
import TestSupport
import Testing

/// Forms as browsers send them, and as nobody should.
@Suite struct FormTests {
  private func form(_ text: String) throws -> FormFields {
    try FormFields(parsing: Array(text.utf8))
  }

  @Test func `fields are read as a browser wrote them`() throws {
    let form = try form("email=a%40b.example&password=+p%2B%26+&empty=&alone")
    #expect(form["email"] == "a@b.example")
    #expect(form.exact("password") == " p+& ")
    #expect(form["password"] == "p+&")
    #expect(form["empty"] == "" && form["alone"] == "" && form["other"] == "")
  }

  @Test(
    arguments: [
      "a=1&a=2", "a=%", "a=%4", "a=%zz", "%=1", "a=%ff", "a=%C3",
      (0..<25).map { "f\($0)=1" }.joined(separator: "&"),
    ])
  func `what no browser sends is refused`(text: String) {
    #expect(throws: PageFault.self) { try form(text) }
  }

  @Test func `bytes that are no text are refused`() {
    #expect(throws: PageFault.self) { try FormFields(parsing: [0x61, 0x3D, 0xFF]) }
  }
}
