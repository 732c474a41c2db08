import ServiceContract
import Slipway

/// A service of an ordinary size: what a hundred teams of one company would each write.
enum Metrics {
  static let requests = Counter<RequestLabels>("http_requests_total", "Requests answered.")
  static let duration = Histogram<Unlabelled, Duration>(
    "http_request_duration_seconds",
    buckets: [.milliseconds(50), .milliseconds(100), .seconds(1), .seconds(2)],
    "From first byte read to last byte written.")
}

struct RequestLabels: LabelSet {
  let status: Label<StatusClass> = "status"
}

enum StatusClass: String, LabelValue {
  case success = "2xx"
  case serverError = "5xx"
}

extension SecretKey {
  static let signingKey = SecretKey(
    "SIGNING_KEY", atLeast: 256, rotate: .days(90), "Signs sessions.")
  static let pager = SecretKey(
    "PAGER_KEY", form: .issued, atLeast: 128, rotate: .days(365), "Wakes somebody.")
  static let heartbeat = SecretKey(
    "HEARTBEAT_URL", form: .url, atLeast: 64, rotate: .days(365), "Notices silence.")
}

extension Port {
  static let metrics = Port("metrics", 9090, reach: .metrics)
}

extension Contract {
  static let synthetic = Contract(
    name: "synthetic", metrics: [Metrics.requests.family, Metrics.duration.family],
    keys: [], secrets: [.signingKey], ports: [.metrics])
}
