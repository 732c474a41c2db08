import Dispatch
import Foundation
import FoundationNetworking

/// Asks servers, with a bound on everything: time, bytes, tries, hops. No cookies, no cache, no
/// credentials of the machine.
package final class HTTPClient: Sendable {
  package let limits: HTTPLimits
  private let exchanges: Exchanges
  private let session: URLSession

  package init(limits: HTTPLimits = HTTPLimits()) {
    self.limits = limits
    exchanges = Exchanges()
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    // Ours ends an exchange first, by the clock and not by silence alone.
    configuration.timeoutIntervalForRequest = (limits.timeout * 2) / .seconds(1)
    session = URLSession(
      configuration: configuration, delegate: exchanges, delegateQueue: exchanges.queue)
  }

  deinit { session.invalidateAndCancel() }

  /// The answer, after the hops that the request allows.
  package func answer(to request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
    var request = request
    for _ in 0...limits.redirects {
      let answer = try await patiently(request)
      guard (301...303).contains(answer.status) || (307...308).contains(answer.status) else {
        return answer
      }
      request = try request.following(answer)
    }
    throw .redirectedTooOften(host: request.url.origin)
  }

  /// Tries again what may be better the next time: no connection, no answer, a server in trouble.
  private func patiently(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
    var pause = limits.pause
    for _ in 1..<max(1, limits.tries) {
      do throws(HTTPFailure) {
        let answer = try await once(request)
        if answer.status < 500 { return answer }
      } catch {
        switch error {
        case .unreachable, .timedOut: break
        case .tooLarge, .redirected, .redirectedTooOften: throw error
        }
      }
      // Cancelled or not, the next try says what is the matter.
      try? await Task.sleep(for: pause)
      pause *= 2
    }
    return try await once(request)
  }

  private func once(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
    var message = URLRequest(url: request.url)
    message.httpMethod = request.method.rawValue
    if !request.accept.isEmpty {
      message.setValue(request.accept.joined(separator: ", "), forHTTPHeaderField: "Accept")
    }
    // The digest is of the bytes as they are stored.
    message.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    message.setValue("slipway", forHTTPHeaderField: "User-Agent")
    for (name, value) in request.headers { message.setValue(value, forHTTPHeaderField: name) }
    if !request.body.isEmpty { message.httpBody = Data(request.body) }
    if let token = request.token {
      message.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    }
    let task = session.dataTask(with: message)
    let exchanges = exchanges
    let limits = limits
    let result = await withCheckedContinuation { continuation in
      exchanges.begin(
        task, at: request.url.origin, limit: limits.bytes, timeout: limits.timeout,
        explained: request.explained, continuation)
    }
    return try result.get()
  }
}

extension HTTPRequest {
  /// The request that a redirecting answer asks for, if this one allows it.
  fileprivate func following(_ answer: HTTPAnswer) throws(HTTPFailure) -> HTTPRequest {
    guard let location = answer.headers["location"],
      let target = URL(string: location, relativeTo: url)?.absoluteURL
    else { throw .redirected(from: url.origin, to: "nowhere") }
    var next = self
    next.url = target
    guard target.origin != url.origin else { return next }
    // A line that was private stays private.
    let isPrivate = target.scheme == "https" || (url.scheme == "http" && target.scheme == "http")
    guard redirects == .anywhere, isPrivate, headers.isEmpty, body.isEmpty else {
      throw .redirected(from: url.origin, to: target.origin)
    }
    next.token = nil
    return next
  }
}

extension URL {
  /// Scheme, host and port, as they are compared: `https://host`, `http://host:5000`.
  package var origin: String {
    let scheme = scheme?.lowercased() ?? ""
    let host = host?.lowercased() ?? ""
    let usual = scheme == "https" ? 443 : 80
    let port = port.flatMap { $0 == usual ? nil : ":\($0)" } ?? ""
    return "\(scheme)://\(host)\(port)"
  }
}
