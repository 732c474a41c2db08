import FlowrexVenue
import Synchronization

/// How the line to the venue behaves, as often as a seed says. (S17-ENV-03)
package struct LineTemper: Hashable, Sendable {
  /// Calls in a thousand that nobody is answered; half of them are done.
  package var lost = 0
  /// The longest that a call takes.
  package var latency = Duration.zero

  package init(lost: Int = 0, latency: Duration = .zero) {
    self.lost = lost
    self.latency = latency
  }

  package static let calm = LineTemper()
}

/// What becomes of one call.
struct CallFate: Hashable, Sendable {
  enum Loss: Sendable { case question, answer }
  let loss: Loss?
  /// Before it is done, and again before it is answered.
  let pause: Duration
}

/// Throws the dice for each call.
final class FateSource: Sendable {
  private let temper: LineTemper
  private let dice: Mutex<SplitMix>

  init(_ temper: LineTemper, seed: UInt64) {
    self.temper = temper
    dice = Mutex(SplitMix(seed: seed))
  }

  func next() -> CallFate {
    dice.withLock { dice in
      let loss: CallFate.Loss? =
        dice.happens(temper.lost) ? (dice.happens(500) ? .question : .answer) : nil
      // Thousandths of the longest, in two halves.
      let pause = temper.latency * dice.below(1_001) / 2_000
      return CallFate(loss: loss, pause: pause)
    }
  }
}
