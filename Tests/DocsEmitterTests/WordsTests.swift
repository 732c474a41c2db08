import ServiceContract
import SlipwayModel
import Testing

@testable import SlipwayEmitters

/// Quantities and paths as people read them.
struct WordsTests {
  @Test(arguments: [
    (Duration.days(30), "30 days"), (.days(1), "1 day"), (.hours(26), "26 hours"),
    (.minutes(15), "15 minutes"), (.seconds(60), "1 minute"), (.seconds(90), "90 s"),
    (.milliseconds(50), "50 ms"), (.milliseconds(1_500), "1.5 s"), (.zero, "0 s"),
    (.seconds(86_400 * 3 + 1), "259201 s"),
  ])
  func `a time span has the largest unit in which it is whole`(span: Duration, text: String) {
    #expect(span.readable == text)
  }

  @Test(arguments: [
    (ByteCount.gibibytes(2), "2 GiB"), (.mebibytes(1_536), "1536 MiB"), (.kibibytes(3), "3 KiB"),
    (ByteCount(bytes: 1_000), "1000 bytes"), (ByteCount(bytes: 0), "0 bytes"),
  ])
  func `an amount has the largest unit in which it is whole`(amount: ByteCount, text: String) {
    #expect(amount.readable == text)
  }

  @Test(arguments: [
    ("generated/prod/", "generated/DIFFERENCES.md", "../DIFFERENCES.md"),
    ("generated/prod/", "generated/prod/nginx/nginx.conf", "nginx/nginx.conf"),
    ("generated/runbooks/", "generated/prod/README.md", "../prod/README.md"),
    ("generated/", "docs/x.md", "../docs/x.md"),
  ])
  func `an address is as short as it can be`(folder: String, path: String, address: String) {
    #expect(relativePath(from: folder, to: path) == address)
  }

  @Test func `only the words in which texts differ are shown`() {
    let texts = ["sum(a) / sum(b) > 0.01", "sum(a) / sum(b) > 0.05"]
    #expect(DifferingPart(texts).part(of: texts[0]) == "… > 0.01")
    #expect(DifferingPart([texts[0], texts[0]]).part(of: texts[0]) == nil)
    let middle = ["a > 1 and b", "a > 2 and b"]
    #expect(DifferingPart(middle).part(of: middle[1]) == "… > 2 …")
    let longer = ["a", "a or b"]
    #expect(DifferingPart(longer).part(of: longer[1]) == "a or b")
  }

  @Test func `names become identifiers that no word of the language can be`() {
    #expect(Flowchart.id("s", "end") == "s_end")
    #expect(Flowchart.id("s", "a-b.c é") == "s_a_b_c__")
  }
}
