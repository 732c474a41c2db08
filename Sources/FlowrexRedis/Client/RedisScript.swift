import CLibSSL

/// A program that the server runs in one piece: nothing comes between its steps.
package struct RedisScript: Sendable {
  private let text: String
  /// What the server calls it: the SHA-1 of its text, which is a name here and protects nothing.
  private let name: String

  package init(_ text: String) {
    self.text = text
    let bytes = Array(text.utf8)
    var digest = [UInt8](repeating: 0, count: Int(SHA_DIGEST_LENGTH))
    SHA1(bytes, bytes.count, &digest)
    name = digest.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
  }

  /// Runs it; a server that does not know it yet, or any more, is told it.
  package func run(
    on client: RedisClient, keys: [String], _ arguments: [String]
  ) async throws(RedisFault) -> RedisReply {
    let rest = [String(keys.count)] + keys + arguments
    let reply = try await client.ask(RedisCommand(words: ["EVALSHA", name] + rest))
    guard case .error(let why) = reply else { return reply }
    guard why.hasPrefix("NOSCRIPT") else { throw .unexpected(why) }
    let second = try await client.ask(RedisCommand(words: ["EVAL", text] + rest))
    if case .error(let why) = second { throw .unexpected(why) }
    return second
  }
}

extension RedisCommand {
  package init(words: [String]) { self.init(words.map { Array($0.utf8) }) }
}
