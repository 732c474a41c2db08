import CLibSSL
import NIOCore

/// TLS between the channel and what speaks Redis: OpenSSL works on memory, NIO on the socket.
///
/// The certificate is checked against the authority and against the name that was dialled. (C-60)
final class TLSHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  // Used by one event loop. The session owns both ends of memory.
  private let session: OpaquePointer
  private let arrived: OpaquePointer
  private let leaving: OpaquePointer
  private var isUp = false
  private var waiting: [ByteBuffer] = []

  init(_ context: TLSContext, host: String) throws(RedisFault) {
    guard let session = SSL_new(context.handle), let arrived = BIO_new(BIO_s_mem()),
      let leaving = BIO_new(BIO_s_mem())
    else { throw .unreachable("OpenSSL has no memory") }
    self.session = session
    self.arrived = arrived
    self.leaving = leaving
    SSL_set_bio(session, arrived, leaving)
    SSL_set_connect_state(session)
    // An address has no server name, and stands in another field of the certificate.
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
      ERR_clear_error()
      guard SSL_set1_host(session, host) == 1, tls_set_server_name(session, host) == 1 else {
        throw .unreachable("'\(host)' is no name")
      }
    }
  }

  deinit { SSL_free(session) }

  func channelActive(context: ChannelHandlerContext) {
    advance(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    buffer.withUnsafeReadableBytes { bytes in
      _ = BIO_write(arrived, bytes.baseAddress, Int32(bytes.count))
    }
    if !isUp { advance(context) }
    if isUp { read(context) }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    promise?.succeed()
    let buffer = unwrapOutboundIn(data)
    guard isUp else {
      waiting.append(buffer)
      return
    }
    encrypt(buffer, context)
  }

  func flush(context: ChannelHandlerContext) { send(context) }

  private func advance(_ context: ChannelHandlerContext) {
    ERR_clear_error()
    let result = SSL_do_handshake(session)
    send(context)
    if result == 1 {
      isUp = true
      for buffer in waiting { encrypt(buffer, context) }
      waiting = []
      send(context)
      return
    }
    guard SSL_get_error(session, result) == SSL_ERROR_WANT_READ else {
      let verdict = SSL_get_verify_result(session)
      let why =
        verdict == Int(X509_V_OK)
        ? TLSContext.fault : String(cString: X509_verify_cert_error_string(verdict))
      fail(context, .unreachable("TLS: \(why)"))
      return
    }
  }

  private func read(_ context: ChannelHandlerContext) {
    while true {
      ERR_clear_error()
      var plain = context.channel.allocator.buffer(capacity: 16_384)
      var result: Int32 = 0
      plain.writeWithUnsafeMutableBytes(minimumWritableBytes: 16_384) { bytes in
        result = SSL_read(session, bytes.baseAddress, Int32(bytes.count))
        return Int(max(0, result))
      }
      guard result > 0 else {
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: send(context)
        case SSL_ERROR_ZERO_RETURN: context.close(promise: nil)
        default: fail(context, .broken("TLS: \(TLSContext.fault)"))
        }
        return
      }
      context.fireChannelRead(wrapInboundOut(plain))
    }
  }

  private func encrypt(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
    guard buffer.readableBytes > 0 else { return }
    ERR_clear_error()
    let written = buffer.withUnsafeReadableBytes { bytes in
      SSL_write(session, bytes.baseAddress, Int32(bytes.count))
    }
    if written <= 0 { fail(context, .broken("TLS: \(TLSContext.fault)")) }
  }

  /// Hands the socket what OpenSSL made.
  private func send(_ context: ChannelHandlerContext) {
    let count = BIO_ctrl_pending(leaving)
    if count > 0 {
      var sealed = context.channel.allocator.buffer(capacity: count)
      sealed.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
        Int(max(0, BIO_read(leaving, bytes.baseAddress, Int32(count))))
      }
      context.write(wrapOutboundOut(sealed), promise: nil)
    }
    context.flush()
  }

  private func fail(_ context: ChannelHandlerContext, _ fault: RedisFault) {
    context.fireErrorCaught(fault)
    context.close(promise: nil)
  }
}
