import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// The exchanges of a session that are under way: collects what arrives, and ends each of them
/// exactly once, with an answer or with the reason why there is none.
final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
  typealias Outcome = Result<HTTPAnswer, HTTPFailure>

  private struct Exchange: Sendable {
    let origin: String
    let limit: Int
    let continuation: CheckedContinuation<Outcome, Never>
    var status = 0
    var headers: [String: String] = [:]
    var body: [UInt8] = []
  }

  private let running = Mutex<[Int: Exchange]>([:])

  func begin(
    _ task: URLSessionDataTask, at origin: String, limit: Int, timeout: Duration,
    _ continuation: CheckedContinuation<Outcome, Never>
  ) {
    let identifier = task.taskIdentifier
    running.withLock {
      $0[identifier] = Exchange(origin: origin, limit: limit, continuation: continuation)
    }
    task.resume()
    // The session's own limit is reset by every byte, so one byte a second would last for ever.
    let nanoseconds = Int(timeout / .nanoseconds(1))
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) {
      self.end(task, .failure(.timedOut(host: origin, after: timeout)))
    }
  }

  private func end(_ task: URLSessionTask, _ outcome: Outcome) {
    guard let exchange = running.withLock({ $0.removeValue(forKey: task.taskIdentifier) })
    else { return }
    if case .failure = outcome { task.cancel() }
    exchange.continuation.resume(returning: outcome)
  }

  /// The client decides about every hop itself; the answer that asks for one is the answer.
  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping (URLRequest?) -> Void
  ) {
    take(response, for: task)
    completionHandler(nil)
  }

  /// A server that wants a password gets none; its refusal is the answer. Certificates are judged
  /// as the system judges them.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    completionHandler(.performDefaultHandling, nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    if let response = response as? HTTPURLResponse { take(response, for: dataTask) }
    completionHandler(.allow)
  }

  private func take(_ response: HTTPURLResponse, for task: URLSessionTask) {
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields {
      if let name = name as? String, let value = value as? String {
        headers[name.lowercased()] = value
      }
    }
    running.withLock {
      $0[task.taskIdentifier]?.status = response.statusCode
      $0[task.taskIdentifier]?.headers = headers
    }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let excess: HTTPFailure? = running.withLock { running in
      guard var exchange = running.removeValue(forKey: dataTask.taskIdentifier) else { return nil }
      exchange.body.append(contentsOf: data)
      let isTooLarge = exchange.body.count > exchange.limit
      running[dataTask.taskIdentifier] = exchange
      return isTooLarge ? .tooLarge(host: exchange.origin, limit: exchange.limit) : nil
    }
    if let excess { end(dataTask, .failure(excess)) }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    guard let exchange = running.withLock({ $0[task.taskIdentifier] }) else { return }
    if exchange.status == 0 || error != nil {
      let reason = HTTPFailure.reason(error as? URLError)
      end(task, .failure(.unreachable(host: exchange.origin, reason: reason)))
    } else {
      end(
        task,
        .success(
          HTTPAnswer(status: exchange.status, headers: exchange.headers, body: exchange.body)))
    }
  }
}

extension HTTPFailure {
  /// Our own words: those of the library differ from version to version.
  static func reason(_ error: URLError?) -> String {
    switch error?.code {
    case .cannotFindHost?, .dnsLookupFailed?: "no such host is known here"
    case .cannotConnectToHost?: "nothing answers there"
    case .networkConnectionLost?: "the connection broke"
    case .secureConnectionFailed?, .serverCertificateUntrusted?, .serverCertificateHasBadDate?,
      .serverCertificateHasUnknownRoot?, .serverCertificateNotYetValid?:
      "the server's certificate is not trusted"
    case .timedOut?: "no answer in time"
    case let code?: "DEBUG \(String(describing: error)) \(error?.errorUserInfo ?? [:]) the connection failed (\(code.rawValue))"
    case nil: "no answer"
    }
  }
}
