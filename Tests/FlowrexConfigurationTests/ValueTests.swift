import FlowrexConfiguration
import FlowrexContract
import ServiceContract
import TestSupport
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    ("0.05", Duration.milliseconds(50)), ("5", .seconds(5)), ("1.5", .milliseconds(1_500)),
    ("0.000000001", .nanoseconds(1)), ("86400", .seconds(86_400)),
  ])
  func `a span is read exactly`(text: String, span: Duration) {
    #expect(Duration(configurationText: text) == span)
    #expect(span.text == text)
  }

  @Test(arguments: ["", ".", "5.", ".5", "-1", "+1", "1e3", "0.0000000001", "1 ", "١"])
  func `what is no span is none`(text: String) {
    #expect(Duration(configurationText: text) == nil)
  }

  @Test(arguments: [("250000", 25_000_000), ("0.5", 50), ("0.05", 5), ("1000.50", 100_050)])
  func `money is read to the cent`(text: String, cents: Int64) {
    #expect(Money(configurationText: text) == .cents(cents))
  }

  @Test(arguments: ["0.001", "-5", "1,000", "9223372036854775807", "1.234", "$5"])
  func `what is no amount is none`(text: String) {
    #expect(Money(configurationText: text) == nil)
  }

  @Test func `a list has no empty element, and may be empty itself`() {
    #expect([HostName](configurationText: "") == [])
    #expect([HostName](configurationText: "a,b") == ["a", "b"])
    #expect([HostName](configurationText: "a,") == nil)
    #expect([HostName](configurationText: "a, b") == nil)
  }

  @Test(
    .covers("C-34"),
    arguments: [
      ("10.8.0.0/16", "10.8.255.1", true), ("10.8.0.0/16", "10.9.0.1", false),
      ("10.0.0.1", "10.0.0.1", true), ("10.0.0.1", "10.0.0.2", false),
      ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
      ("172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
      ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
      ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("192.168.1.128/25", "192.168.1.127", false),
    ])
  func `an address is in a block or not`(block: String, address: String, isIn: Bool) throws {
    #expect(try #require(AddressBlock(block)).contains(address) == isIn)
  }

  @Test(arguments: ["", "10.0.0.0/", "10.0.0/8", "10.0.0.0/+8", "10.0.0.0/33", "::/129", "x", "1"])
  func `what is no block is none`(text: String) {
    #expect(AddressBlock(text) == nil)
  }

  @Test func `a file of variables is read`() throws {
    let text = "# a comment\n\nENVIRONMENT=development\nTRUSTED_HOSTS=a,b\nAPP_VERSION=\n"
    #expect(
      try VariableFile.read(text, name: ".env") == [
        "ENVIRONMENT": "development", "TRUSTED_HOSTS": "a,b", "APP_VERSION": "",
      ])
  }

  @Test(arguments: [
    ("A='x'", "has quotes, `$`, ` #` or outer blanks"),
    ("A=$HOME", "has quotes, `$`, ` #` or outer blanks"),
    ("A=x # y", "has quotes, `$`, ` #` or outer blanks"),
    ("A= x", "has quotes, `$`, ` #` or outer blanks"),
    ("export A=x", "is no KEY=value"), ("A", "is no KEY=value"), ("=x", "is no KEY=value"),
  ])
  func `what engines read differently is not read at all`(line: String, said: String) {
    #expect(throws: ConfigurationRefused.self) { try VariableFile.read(line, name: ".env") }
    do { _ = try VariableFile.read("B=1\n\(line)", name: ".env") } catch {
      #expect("\(error)" == "refused to start: 1 problem\n  .env:2: \(said)\n")
    }
  }
}
