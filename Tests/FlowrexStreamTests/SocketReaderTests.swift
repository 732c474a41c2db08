import FlowrexStream
import TestSupport
import Testing

/// What frames mean, the wrong ones first. (RFC 6455 §5)
struct SocketReaderTests {
  private static let text = Array("hello".utf8)

  private func read(_ frames: [SocketFrame], limit: Int = 16) -> [SocketEvent] {
    var reader = SocketReader(limit: limit)
    return frames.map { reader.receive($0) }
  }

  @Test func `a text in one frame or in several is one message`() {
    #expect(read([SocketFrame(.text, Self.text)]) == [.text("hello")])
    let parts = [
      SocketFrame(.text, Array("he".utf8), isFinal: false),
      SocketFrame(.ping, [1]),
      SocketFrame(.continuation, [], isFinal: false),
      SocketFrame(.continuation, Array("llo".utf8)),
    ]
    #expect(read(parts) == [.nothing, .ping([1]), .nothing, .text("hello")])
    // A letter may be cut by a frame's border.
    let letter = [
      SocketFrame(.text, [0xC3], isFinal: false), SocketFrame(.continuation, [0xA4]),
    ]
    #expect(read(letter) == [.nothing, .text("ä")])
  }

  static let wrong: [(String, SocketFrame, SocketClose)] = [
    ("not masked", SocketFrame(.text, text, isMasked: false), .protocolError),
    ("a control frame that is not masked", SocketFrame(.ping, isMasked: false), .protocolError),
    (
      "the bit of compression, which was not negotiated",
      SocketFrame(.text, text, hasReservedBits: true), .protocolError
    ),
    ("binary", SocketFrame(.binary, text), .notText),
    ("a kind that is none", SocketFrame(.reserved), .protocolError),
    ("the middle of nothing", SocketFrame(.continuation, text), .protocolError),
    ("a ping in parts", SocketFrame(.ping, isFinal: false), .protocolError),
    (
      "a ping that is too long", SocketFrame(.ping, Array(repeating: 1, count: 126)),
      .protocolError
    ),
    ("half a code of farewell", SocketFrame(.close, [3]), .protocolError),
    ("a code that nobody may send", SocketFrame(.close, [3, 0xEE]), .protocolError),
    ("a farewell that is no text", SocketFrame(.close, [3, 0xE8, 0xFF]), .notUnicode),
    ("text that is no text", SocketFrame(.text, [0xED, 0xA0, 0x80]), .notUnicode),
    ("too long", SocketFrame(.text, Array(repeating: 0x20, count: 17)), .messageTooLarge),
  ]

  @Test(.covers("S04-RL-06"), arguments: wrong)
  func `a frame that breaks the protocol ends the connection`(
    name: String, frame: SocketFrame, reason: SocketClose
  ) {
    #expect(read([frame]) == [.violation(reason)], "\(name)")
  }

  @Test func `a message that begins in another one is none`() {
    let frames = [SocketFrame(.text, Self.text, isFinal: false), SocketFrame(.text, Self.text)]
    #expect(read(frames) == [.nothing, .violation(.protocolError)])
  }

  @Test(.covers("S04-RL-06"))
  func `parts together are no longer than a message may be, nor more than a few`() {
    let half = Array(repeating: UInt8(0x20), count: 9)
    let long = [
      SocketFrame(.text, half, isFinal: false), SocketFrame(.continuation, half, isFinal: false),
    ]
    #expect(read(long) == [.nothing, .violation(.messageTooLarge)])
    let empty = SocketFrame(.continuation, [], isFinal: false)
    let many = [SocketFrame(.text, [], isFinal: false)] + Array(repeating: empty, count: 64)
    #expect(read(many).last == .violation(.tooManyMessages))
    #expect(read(many).dropLast().allSatisfy { $0 == .nothing })
  }

  @Test func `a farewell is heard with its code or without`() {
    #expect(read([SocketFrame(.close)]) == [.closed(code: nil)])
    #expect(read([SocketFrame(.close, [3, 0xE8])]) == [.closed(code: 1_000)])
    #expect(read([SocketFrame(.close, [0x0F, 0xA0, 0x6F])]) == [.closed(code: 4_000)])
  }

  @Test func `reasons fit into a frame of farewell and have codes of their kind`() {
    for reason in SocketClose.allCases {
      #expect(reason.rawValue.utf8.count <= 123)
      #expect((1_001...1_013).contains(reason.code) || (4_000...4_999).contains(reason.code))
    }
  }
}
