import Foundation
import Synchronization

/// Load at a rate that does not wait for answers: what comes late is late from the moment at which
/// it should have been asked, so that a server that stands still is not spared the requests of
/// that time.
struct Paced: Sendable {
  /// In a second.
  let rate: Double
  let length: Duration
  /// As many connections.
  let people: Int

  struct Outcome: Sendable {
    /// Seconds, in their order.
    let latencies: [Double]
    let failures: Int

    func percentile(_ part: Double) -> Double {
      guard !latencies.isEmpty else { return .infinity }
      return latencies[min(latencies.count - 1, Int(Double(latencies.count) * part))]
    }
  }

  /// - Parameter ask: asks the request of that number as that person; false is a failure.
  func run(
    port: Int, _ ask: @escaping @Sendable (Wire, _ person: Int, _ number: Int) -> Bool
  ) -> Outcome {
    let (people, rate) = (people, rate)
    let count = Int(length.seconds * rate)
    let results = Mutex((latencies: [Double](), failures: 0))
    let start = ContinuousClock.now + .milliseconds(50)
    let threads = DispatchGroup()
    for person in 0..<people {
      threads.enter()
      let thread = Thread {
        let wire = Wire(port: port)
        var (mine, failed) = ([Double](), 0)
        for number in stride(from: person, to: count, by: people) {
          let due = start + .seconds(Double(number) / rate)
          let wait = due - .now
          if wait > .zero { usleep(UInt32(wait.seconds * 1e6)) }
          if ask(wire, person, number) {
            mine.append((ContinuousClock.now - due).seconds)
          } else {
            failed += 1
          }
        }
        let (latencies, failures) = (mine, failed)
        results.withLock { all in
          all.latencies += latencies
          all.failures += failures
        }
        threads.leave()
      }
      thread.stackSize = 1 << 19
      thread.start()
    }
    threads.wait()
    return results.withLock { Outcome(latencies: $0.latencies.sorted(), failures: $0.failures) }
  }
}
