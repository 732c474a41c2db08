import FlowrexContract
import FlowrexResilience
import TestSupport
import Testing

/// A breaker as a value. (S04-RES-01 … 03)
@Suite struct CircuitBreakerTests {
  private static func opened() -> CircuitBreaker {
    var breaker = CircuitBreaker(failures: 3, rest: 100)
    for now: Int64 in 0..<3 { breaker.failed(at: now) }
    return breaker
  }

  @Test func `so many failures in a row open it, and not one less`() {
    var breaker = CircuitBreaker(failures: 3, rest: 100)
    breaker.failed(at: 0)
    breaker.failed(at: 1)
    breaker.succeeded()
    breaker.failed(at: 2)
    breaker.failed(at: 3)
    #expect(breaker.state == .closed && breaker.ask(at: 4) == .granted)
    breaker.failed(at: 5)
    #expect(breaker.state == .open)
    #expect(breaker.ask(at: 6) == .refused(after: 99))
    #expect(breaker.ask(at: 104) == .refused(after: 1))
  }

  @Test(.covers("S04-RES-03")) func `after its rest one may try, and success closes it`() {
    var breaker = Self.opened()
    #expect(breaker.ask(at: 102) == .granted)
    #expect(breaker.state == .halfOpen)
    #expect(breaker.ask(at: 103) == .refused(after: 99))
    breaker.succeeded()
    #expect(breaker.state == .closed && breaker.ask(at: 104) == .granted)
    // It counts from the beginning again.
    breaker.failed(at: 105)
    breaker.failed(at: 106)
    #expect(breaker.state == .closed)
  }

  @Test(.covers("S04-RES-03")) func `a trial that fails opens it for as long again`() {
    var breaker = Self.opened()
    _ = breaker.ask(at: 102)
    breaker.failed(at: 110)
    #expect(breaker.state == .open)
    #expect(breaker.ask(at: 209) == .refused(after: 1))
    #expect(breaker.ask(at: 210) == .granted)
  }

  @Test func `failures that end late do not make its rest longer`() {
    var breaker = Self.opened()
    breaker.failed(at: 90)
    #expect(breaker.ask(at: 102) == .granted)
  }

  @Test func `a trial of which nobody hears is lost, and another may try`() {
    var breaker = Self.opened()
    _ = breaker.ask(at: 102)
    #expect(breaker.ask(at: 201) == .refused(after: 1))
    #expect(breaker.ask(at: 202) == .granted)
  }

  @Test func `pauses double up to the longest and begin anew`() {
    var backoff = Backoff(first: 50, longest: 300)
    #expect((0..<5).map { _ in backoff.next() } == [50, 100, 200, 300, 300])
    backoff.reset()
    #expect(backoff.next() == 50)
  }
}
