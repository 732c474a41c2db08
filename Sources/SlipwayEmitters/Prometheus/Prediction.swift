import PromQL
import ServiceContract
import Slipway
import SlipwayModel

/// When an alert is looked at in its test, and which of its instances fire then.
struct Prediction {
  let minute: Int
  /// The labels of each instance, in a fixed order; `nil` when nobody can tell beforehand.
  let instances: [LabelMap]?

  init(of alert: RuleAlert) {
    let rehearsal = Rehearsal(alert.firesOn)
    let hold = (alert.hold.wholeSeconds + 59) / 60
    let settled = Self.settled(alert, hold: hold)
    do throws(CannotTell) {
      var (minute, firing) = (
        settled, try rehearsal.firing(alert.expression, at: settled, for: hold)
      )
      // A line that rises or falls may reach the bound later, or be beyond it again.
      if firing.isEmpty, let other = try rehearsal.firstFiring(alert.expression, for: hold) {
        (minute, firing) = (other, try rehearsal.firing(alert.expression, at: other, for: hold))
      }
      self.minute = minute
      // What never fires here is expected to fire all the same: the judge then says that it
      // does not, and with which labels.
      instances = firing.isEmpty ? [[:]] : firing
    } catch {
      (minute, instances) = (settled, nil)
    }
  }

  /// By then all windows are full and the condition has lasted long enough.
  private static func settled(_ alert: RuleAlert, hold: Int) -> Int {
    let window = Int((alert.expression.lookback / 60).rounded(.up))
    return min(TestClock.minutesMax, hold + window + 5)
  }
}

extension Rehearsal {
  /// The instances that fire at a minute, having held for so many minutes.
  fileprivate func firing(
    _ expression: Expression, at minute: Int, for hold: Int
  ) throws(CannotTell) -> [LabelMap] {
    let now = try instances(expression, at: minute)
    guard hold > 0, !now.isEmpty else { return now }
    let before = Set(try instances(expression, at: max(0, minute - hold)))
    return now.filter(before.contains)
  }

  /// The first minute at which an instance fires.
  fileprivate func firstFiring(
    _ expression: Expression, for hold: Int
  ) throws(CannotTell) -> Int? {
    var lasts = 0
    for minute in 0...TestClock.minutesMax {
      lasts = try instances(expression, at: minute).isEmpty ? 0 : lasts + 1
      if lasts > hold { return minute }
    }
    return nil
  }

  private func instances(
    _ expression: Expression, at minute: Int
  ) throws(CannotTell) -> [LabelMap] {
    let labels = try vector(expression, at: minute).map { $0.withoutName.labels }
    return Set(labels).sorted { $0.orderText < $1.orderText }
  }
}

extension LabelMap {
  /// A text that orders label sets the same way in every process.
  fileprivate var orderText: String {
    keys.sorted().map { "\($0)=\(self[$0] ?? "")" }.joined(separator: ",")
  }
}
