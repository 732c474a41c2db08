import FlowrexContract
import Foundation

/// What a client may say.
enum ClientMessage: Sendable, Equatable {
  /// Begins the stream, once.
  ///
  /// - after: The number of the last message that the client has, for each account; `nil` for a
  ///   client that has nothing.
  /// - quotes: Instruments whose prices it wants.
  case subscribe(after: [String: Int64]?, quotes: [Instrument])
  /// A newer access token of the same session: the stream goes on beyond the old one's end.
  case authenticate(token: String)
  /// Asks for a `pong`: pages of browsers cannot send the protocol's own ping.
  case ping

  private struct Body: Decodable {
    let type: String
    let after: [String: Int64]?
    let quotes: [String]?
    let token: String?
  }

  /// More accounts than anybody has.
  private static let mostAccounts = 64

  /// - Throws: ``SocketClose/malformedMessage``.
  static func read(_ text: String) throws(SocketClose) -> ClientMessage {
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(text.utf8)) else {
      throw .malformedMessage
    }
    switch (body.type, body.after, body.quotes, body.token) {
    case ("subscribe", let after, let quotes, nil):
      let names = quotes ?? []
      let instruments = names.compactMap(Instrument.init(rawValue:))
      guard instruments.count == names.count, names.count <= Instrument.allCases.count,
        (after?.count ?? 0) <= mostAccounts, after?.values.allSatisfy({ $0 >= 0 }) != false
      else { throw .malformedMessage }
      return .subscribe(after: after, quotes: instruments)
    case ("authenticate", nil, nil, let token?): return .authenticate(token: token)
    case ("ping", nil, nil, nil): return .ping
    default: throw .malformedMessage
    }
  }
}
