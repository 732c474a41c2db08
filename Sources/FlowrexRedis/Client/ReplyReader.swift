import CHiredis

/// hiredis' reader of the protocol: bytes go in as they come, whole answers come out.
///
/// Only its reader is used: it is the same in every version from 0.14 on. The connection is ours,
/// for hiredis' own TLS is missing in some of them and checks no name in the others.
final class ReplyReader {
  // Used by one event loop.
  private let reader: UnsafeMutablePointer<redisReader>

  init() throws(RedisFault) {
    guard let reader = redisReaderCreate() else { throw .broken("no memory") }
    self.reader = reader
  }

  deinit { redisReaderFree(reader) }

  func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisFault) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    guard
      redisReaderFeed(reader, base.assumingMemoryBound(to: CChar.self), bytes.count) == REDIS_OK
    else { throw .broken(fault) }
  }

  /// The next whole answer, if it is there.
  func next() throws(RedisFault) -> RedisReply? {
    var answer: UnsafeMutableRawPointer?
    guard redisReaderGetReply(reader, &answer) == REDIS_OK else { throw .broken(fault) }
    guard let answer else { return nil }
    defer { freeReplyObject(answer) }
    return RedisReply(answer.assumingMemoryBound(to: redisReply.self).pointee)
  }

  private var fault: String {
    withUnsafePointer(to: &reader.pointee.errstr) { text in
      text.withMemoryRebound(to: CChar.self, capacity: 128) { String(cString: $0) }
    }
  }
}

extension RedisReply {
  fileprivate init(_ reply: redisReply) {
    switch reply.type {
    case REDIS_REPLY_NIL: self = .null
    case REDIS_REPLY_INTEGER: self = .integer(Int64(reply.integer))
    case REDIS_REPLY_ARRAY:
      self = .array(
        (0..<Int(reply.elements)).map { place in
          reply.element[place].map { RedisReply($0.pointee) } ?? .null
        })
    default:
      let bytes = Array(
        UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len)))
      switch reply.type {
      case REDIS_REPLY_STATUS: self = .status(String(decoding: bytes, as: UTF8.self))
      case REDIS_REPLY_ERROR: self = .error(String(decoding: bytes, as: UTF8.self))
      default: self = .bytes(bytes)
      }
    }
  }
}
