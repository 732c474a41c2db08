import Foundation

/// As much as a server answers to a hundred connections that ask again at once, by `wrk`.
struct Saturated {
  let requests: Double
  /// In a second.
  let rate: Double
  /// In seconds.
  let p50, p95, p99: Double
  /// Anything but 2xx, and connections that broke.
  let failures: Double

  static func run(
    port: Int, path: String, tokens: [String], connections: Int = 100, seconds: Int,
    in folder: String
  ) throws -> Saturated {
    let script = "\(folder)/wrk.lua"
    try Self.script(tokens).write(toFile: script, atomically: true, encoding: .utf8)
    let usage = try ChildProcess.succeed(
      [
        "wrk", "--threads", "2", "--connections", "\(connections)", "--duration", "\(seconds)s",
        "--timeout", "15s", "--script", script, "http://127.0.0.1:\(port)\(path)",
      ], in: folder)
    guard let line = usage.text.split(separator: "\n").first(where: { $0.hasPrefix("figures ") })
    else { throw MeasuringError(description: "wrk says\n\(usage.text)") }
    let figures = line.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard figures.count == 6 else { throw MeasuringError(description: "wrk says \(line)") }
    return Saturated(
      requests: figures[0], rate: figures[0] / figures[1], p50: figures[2], p95: figures[3],
      p99: figures[4], failures: figures[5])
  }

  /// Each connection's next request is another person's.
  private static func script(_ tokens: [String]) -> String {
    """
    local tokens = {\(tokens.map { "\"\($0)\"" }.joined(separator: ",\n"))}
    local count = 0
    function setup(thread)
      thread:set("first", count)
      count = count + #tokens / 2
    end
    function init(args)
      place = first
    end
    function request()
      place = place % #tokens + 1
      return wrk.format("GET", nil, {
        ["Host"] = "localhost", ["Authorization"] = "Bearer " .. tokens[place] })
    end
    function done(summary, latency, requests)
      local errors = summary.errors
      io.write(string.format("figures %d %.6f %.6f %.6f %.6f %d\\n",
        summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6,
        latency:percentile(95) / 1e6, latency:percentile(99) / 1e6,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
    end

    """
  }
}
