import FlowrexTraces
import TestSupport
import Testing
import Tracing

/// The header that processes tell one another. (W3C Trace Context)
@Suite(.covers("S04-OBS-12")) struct TraceParentTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  private static let span = "00f067aa0ba902b7"

  @Test func `what is written is what was read`() throws {
    for flags in ["00", "01"] {
      let text = "00-\(Self.trace)-\(Self.span)-\(flags)"
      let parent = try #require(TraceParent(text))
      #expect(parent.text == text && parent.isSampled == (flags == "01"))
    }
  }

  @Test func `of a later version the beginning is read, and unknown flags are not passed on`()
    throws
  {
    let parent = try #require(TraceParent("01-\(Self.trace)-\(Self.span)-ff-more"))
    #expect(parent.text == "00-\(Self.trace)-\(Self.span)-01")
  }

  @Test(arguments: [
    "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-01-more",
    "ff-\(trace)-\(span)-01", "00-\(trace.uppercased())-\(span)-01", "00-\(trace)-\(span)-0g",
    "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
    "00-\(trace)0-\(span)-01", "0-\(trace)-\(span)-01", " 00-\(trace)-\(span)-01",
    "01-\(trace)-\(span)-01-" + String(repeating: "x", count: 300),
  ])
  func `what is none begins a trace of our own`(text: String) {
    #expect(TraceParent(text) == nil)
  }
}
