import FlowrexAuth
import FlowrexContract
import FlowrexStream
import Ledger
import TestSupport
import Testing

/// Who gets a place, and who loses it.
struct StreamHubTests {
  private func refusal(_ body: () throws -> StreamSession) -> SocketRefusal? {
    do {
      _ = try body()
      return nil
    } catch { return (error as? SocketRefused)?.reason }
  }

  @Test(.covers("S04-RL-06", "S17-VAR-38", "C-28", "S17-MET-06"))
  func `a replica has so many places, and a person so many of them`() throws {
    let stage = Stage()
    let first = try stage.hub.admit(stage.token())
    _ = try stage.hub.admit(stage.token())
    #expect(refusal { try stage.hub.admit(stage.token()) } == .perUser)
    _ = try stage.hub.admit(stage.token("bob"))
    _ = try stage.hub.admit(stage.token("cid"))
    #expect(refusal { try stage.hub.admit(stage.token("dan")) } == .full)
    #expect(stage.metric("websocket_connections") == 4)
    first.ended()
    first.ended()
    #expect(stage.metric("websocket_connections") == 3)
    _ = try stage.hub.admit(stage.token())
    #expect(stage.metric(#"websocket_refusals_total{reason="full"}"#) == 1)
    #expect(stage.metric(#"websocket_refusals_total{reason="per_user"}"#) == 1)
  }

  @Test(.covers("C-33"))
  func `the drain sends everybody away and lets nobody in`() async throws {
    let stage = Stage()
    let (_, line) = try await stage.client()
    // Between the handshake and the first frame.
    let late = try stage.hub.admit(stage.token("bob"))
    stage.hub.drain()
    #expect(line.closes == [.draining] && SocketClose.draining.code == 1_001)
    #expect(refusal { try stage.hub.admit(stage.token("cid")) } == .draining)
    let other = HandLine()
    other.connect(late)
    #expect(other.closes == [.draining] && other.heard == [])
  }

  @Test(.covers("S04-AUTH-10"))
  func `a socket ends with its token, unless a newer one of the session comes`() async throws {
    let stage = Stage()
    let (one, kept) = try await stage.client()
    let (_, lost) = try await stage.client("bob", session: "s2")
    stage.time.pass(.seconds(20))
    for wrong in ["bob s1 900", "ann s9 900", "nobody"] {
      let text = #"{"type":"authenticate","token":"\#(wrong)"}"#
      #expect(one.receive(SocketFrame(.text, Array(text.utf8))) == .nothing)
      try await eventually { try kept.heard.last.map { try Said($0).code } == "token_refused" }
      // Something else is said last, so that the next refusal is seen.
      let ping = #"{"type":"ping"}"#
      #expect(one.receive(SocketFrame(.text, Array(ping.utf8))) == .nothing)
    }
    let renewal = #"{"type":"authenticate","token":"ann s1 900"}"#
    #expect(one.receive(SocketFrame(.text, Array(renewal.utf8))) == .nothing)
    try await eventually { try kept.types().contains("authenticated") }
    stage.time.pass(.seconds(15))
    _ = one.receive(SocketFrame(.pong))
    stage.hub.beat()
    #expect(kept.closes == [] && lost.closes == [])
    for _ in 0..<44 {
      stage.time.pass(.seconds(20))
      _ = one.receive(SocketFrame(.pong))
    }
    stage.hub.beat()
    #expect(lost.closes == [.tokenExpired])
    #expect(kept.closes == [])
    stage.time.pass(.seconds(30))
    _ = one.receive(SocketFrame(.pong))
    stage.hub.beat()
    #expect(kept.closes == [.tokenExpired])
  }

  @Test(.covers("S04-AUTH-10"))
  func `a session that ended elsewhere ends its sockets and no others`() async throws {
    let stage = Stage()
    let (_, one) = try await stage.client()
    let (_, other) = try await stage.client(session: "s2")
    stage.source.end("s1")
    stage.source.goAway()
    await stage.hub.look()
    #expect(one.closes == [], "while nothing is known, nobody is sent away")
    stage.source.goAway(false)
    await stage.hub.look()
    #expect(one.closes == [.sessionEnded] && other.closes == [])
  }

  @Test(.covers("S17-VAR-37"))
  func `a heartbeat is asked for, and silence for two of them is the end`() async throws {
    let stage = Stage()
    let (alive, line) = try await stage.client()
    let (_, silent) = try await stage.client("bob")
    for _ in 1...3 {
      stage.time.pass(.seconds(30))
      stage.hub.beat()
      _ = alive.receive(SocketFrame(.pong))
    }
    #expect(line.pings == 3 && line.closes == [])
    #expect(silent.pings == 2 && silent.closes == [.silent])
  }

  @Test(.covers("S04-RL-06"))
  func `a client that sends too much is sent away, of whatever kind its frames are`() async throws {
    for frame in [
      SocketFrame(.ping), SocketFrame(.text, Array(#"{"type":"ping"}"#.utf8)), SocketFrame(.pong),
    ] {
      let stage = Stage()
      let (session, line) = try await stage.client(saying: nil)
      var replies: [SocketReply] = []
      for _ in 1...70 { replies.append(session.receive(frame)) }
      #expect(replies.filter { $0 == .close(.tooManyMessages) }.count == 1)
      // Nothing of what came behind is heard.
      #expect(replies.last == .nothing)
      #expect(line.closes == [])
    }
  }

  @Test(arguments: [
    "", "subscribe", "[]", "{}", #"{"type":"order"}"#, #"{"type":"subscribe","after":{"a":-1}}"#,
    #"{"type":"subscribe","quotes":["EURUSDX"]}"#, #"{"type":"subscribe","after":7}"#,
    #"{"type":"authenticate"}"#, #"{"type":"ping","token":"x"}"#,
    #"{"type":"subscribe","after":{"a":1e400}}"#,
  ])
  func `what nobody understands ends the socket`(text: String) async throws {
    let stage = Stage()
    let (session, _) = try await stage.client(saying: nil)
    #expect(session.receive(SocketFrame(.text, Array(text.utf8))) == .close(.malformedMessage))
  }

  @Test func `a second subscription ends the socket`() async throws {
    let stage = Stage()
    let (session, _) = try await stage.client()
    let again = SocketFrame(.text, Array(Stage.subscribe.utf8))
    #expect(session.receive(again) == .close(.malformedMessage))
  }
}
