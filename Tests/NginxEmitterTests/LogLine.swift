import Foundation

/// A line of the access log, with all of its fields. (S18-NGX-03)
struct LogLine: Decodable {
  let time, client, request_id, host, method, path, `protocol`, tls, status, bytes, agent: String
  let rt, uct, uht, urt, upstream, upstream_status: String

  init(_ text: String) throws {
    self = try JSONDecoder().decode(LogLine.self, from: Data(text.utf8))
  }
}
