import CLibSSL

/// Whom connections believe: one authority, TLS 1.2 at least. (C-38, C-60)
package final class TLSContext: @unchecked Sendable {
  // Safe to send: OpenSSL locks a context itself, and nothing here changes it.
  let handle: OpaquePointer

  /// - Parameter authorityFile: certificates in PEM; no other authority is believed.
  package init(authorityFile: String) throws(RedisFault) {
    guard let handle = SSL_CTX_new(TLS_client_method()) else {
      throw .unreachable("OpenSSL has no memory")
    }
    self.handle = handle
    SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, nil)
    guard tls_set_least_version(handle) == 1,
      SSL_CTX_load_verify_locations(handle, authorityFile, nil) == 1
    else {
      throw .unreachable("the authority's file cannot be read: \(Self.fault)")
    }
  }

  deinit { SSL_CTX_free(handle) }

  /// The last thing that OpenSSL complained about on this thread.
  static var fault: String {
    let code = ERR_get_error()
    guard code != 0 else { return "the connection ended" }
    var text = [CChar](repeating: 0, count: 256)
    ERR_error_string_n(code, &text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
