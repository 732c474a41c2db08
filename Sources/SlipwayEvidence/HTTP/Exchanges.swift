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
    let explained: Set<Int>
    let continuation: CheckedContinuation<Outcome, Never>
    var head: HTTPAnswer?
    var body: [UInt8] = []
  }

  private let running = Mutex<[Int: Exchange]>([:])

  /// Everything that concerns an exchange happens here, one after the other.
  let queue: OperationQueue = {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    return queue
  }()

  func begin(
    _ task: URLSessionDataTask, at origin: String, limit: Int, timeout: Duration,
    explained: Set<Int> = [], _ continuation: CheckedContinuation<Outcome, Never>
  ) {
    let identifier = task.taskIdentifier
    running.withLock {
      $0[identifier] = Exchange(
        origin: origin, limit: limit, explained: explained, continuation: continuation)
    }
    task.resume()
    // The session's own limit is reset by every byte, so one byte a second would last for ever.
    let nanoseconds = Int(timeout / .nanoseconds(1))
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(nanoseconds)) {
      self.queue.addOperation {
        if self.end(task, .failure(.timedOut(host: origin, after: timeout))) { task.cancel() }
      }
    }
  }

  /// Whether the exchange was still under way.
  @discardableResult
  private func end(_ task: URLSessionTask, _ outcome: Outcome) -> Bool {
    let exchange = running.withLock { $0.removeValue(forKey: task.taskIdentifier) }
    exchange?.continuation.resume(returning: outcome)
    return exchange != nil
  }

  /// The client decides about every hop itself; the answer that asks for one is the answer.
  ///
  /// Foundation traps if a task that was cancelled is told where to go, or one that was told is
  /// cancelled too early: so it is one or the other.
  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping (URLRequest?) -> Void
  ) {
    if end(task, .success(HTTPAnswer(response))) { completionHandler(nil) }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    completionHandler(.allow)
    guard let response = response as? HTTPURLResponse else { return }
    let head = HTTPAnswer(response)
    let isExplained = running.withLock {
      $0[dataTask.taskIdentifier]?.explained.contains(head.status) ?? false
    }
    guard (200..<300).contains(head.status) || isExplained else {
      // Of what is not the thing itself nothing more is read than its head. (Foundation would also
      // wait for ever for the password that some servers ask for.)
      if end(dataTask, .success(head)) { dataTask.cancel() }
      return
    }
    running.withLock { $0[dataTask.taskIdentifier]?.head = head }
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let excess: HTTPFailure? = running.withLock { running in
      guard var exchange = running.removeValue(forKey: dataTask.taskIdentifier) else { return nil }
      exchange.body.append(contentsOf: data)
      let isTooLarge = exchange.body.count > exchange.limit
      running[dataTask.taskIdentifier] = exchange
      return isTooLarge ? .tooLarge(host: exchange.origin, limit: exchange.limit) : nil
    }
    if let excess, end(dataTask, .failure(excess)) { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    guard let exchange = running.withLock({ $0[task.taskIdentifier] }) else { return }
    guard let head = exchange.head, error == nil else {
      let reason = HTTPFailure.reason(error as? URLError)
      end(task, .failure(.unreachable(host: exchange.origin, reason: reason)))
      return
    }
    end(
      task,
      .success(HTTPAnswer(status: head.status, headers: head.headers, body: exchange.body)))
  }
}

extension HTTPAnswer {
  /// The head of an answer, without its body.
  fileprivate init(_ response: HTTPURLResponse) {
    var headers: [String: String] = [:]
    for (name, value) in response.allHeaderFields {
      if let name = name as? String, let value = value as? String {
        headers[name.lowercased()] = value
      }
    }
    self.init(status: response.statusCode, headers: headers, body: [])
  }
}

extension HTTPFailure {
  /// Our own words: those of the library differ from version to version.
  static func reason(_ error: URLError?) -> String {
    // What libcurl says of a certificate has no code of its own here.
    let words = error?.localizedDescription ?? ""
    if words.hasPrefix("SSL certificate problem") || words.hasPrefix("SSL: no alternative") {
      return "the server's certificate is not trusted"
    }
    return switch error?.code {
    case .cannotFindHost?, .dnsLookupFailed?: "no such host is known here"
    case .cannotConnectToHost?: "nothing answers there"
    case .networkConnectionLost?: "the connection broke"
    case .timedOut?: "no answer in time"
    case .some: "the connection failed: \(words)"
    case nil: "no answer"
    }
  }
}
