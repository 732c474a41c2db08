import Foundation

/// What is common to servers that hold secrets: where they may be, and what may be said of them.
enum SecretServer {
  /// Only over a line that nobody else can read.
  static func url(_ text: String) throws(ReadingFailure) -> URL {
    guard let url = URL(string: text), let host = url.host(), url.user() == nil,
      url.query() == nil
    else { throw ReadingFailure("'\(text.prefix(100))' is no address") }
    let isHere = ["127.0.0.1", "::1", "localhost"].contains(host)
    guard url.scheme == "https" || url.scheme == "http" && isHere else {
      throw ReadingFailure("'\(text.prefix(100))' would be read over a line that anyone can read")
    }
    return url
  }

  /// An answer, or why there is none. Bodies hold secrets, so no clause quotes one.
  static func answer(
    _ http: HTTPClient, _ request: HTTPRequest
  ) async throws(ReadingFailure) -> HTTPAnswer {
    do throws(HTTPFailure) {
      return try await http.answer(to: request)
    } catch {
      switch error {
      case .unreachable(_, let reason): throw ReadingFailure(reason)
      case .timedOut(_, let after): throw ReadingFailure("no answer in \(after.spoken)")
      case .tooLarge: throw ReadingFailure("its answer is too large")
      case .redirected, .redirectedTooOften: throw ReadingFailure("it sends us elsewhere")
      }
    }
  }
}
