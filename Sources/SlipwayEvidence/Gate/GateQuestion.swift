package import SlipwayModel

/// What is asked: may this release go into this environment now?
package struct GateQuestion: Sendable {
  package let expectations: GateExpectations
  package let kind: GateKind
  package let seat: GateSeat
  package let record: ReleaseRecord
  /// What runs now; `nil` before the first release, and where only a runner asks.
  package let running: ReleaseRecord?
  package let now: PointInTime

  package init(
    _ expectations: GateExpectations, kind: GateKind, seat: GateSeat, record: ReleaseRecord,
    running: ReleaseRecord?, now: PointInTime
  ) {
    self.expectations = expectations
    self.kind = kind
    self.seat = seat
    self.record = record
    self.running = running
    self.now = now
  }

  /// Clocks of two machines may differ by this much; more is a clock that is wrong.
  package static let skew = Duration.seconds(300)

  /// What makes a piece of evidence unusable, whatever it says.
  ///
  /// - Parameters:
  ///   - what: As it is called in a sentence: `the test report`.
  ///   - commit: The commit that it must be of; `nil` if it is about no commit.
  ///   - age: How old it may be.
  func doubt<Value>(
    _ evidence: Evidence<Value>, _ what: String, of commit: String?, within age: Duration,
    fix: String
  ) -> Ruling? {
    if let commit, evidence.commit != commit {
      let found = evidence.commit.map { "commit \($0.shortCommit)" } ?? "no commit"
      return .unproven("\(what) is of \(found), not of \(commit.shortCommit)", fix: fix)
    }
    let old = now.since(evidence.made)
    if old < .zero - Self.skew {
      return .unproven(
        "\(what) says that it was made \((.zero - old).spoken) from now, at "
          + "\(evidence.made.text)", fix: "set the clock of the machine that made it")
    }
    if old > age {
      return .unproven(
        "\(what) was made \(old.spoken) ago; it may be \(age.spoken) old", fix: fix)
    }
    return nil
  }
}

extension Int {
  /// `1,284`.
  var grouped: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (self < 0 ? "-" : "") + String(text.reversed())
  }

  /// `1 test`, `1,284 tests`.
  func of(_ one: String, _ many: String? = nil) -> String {
    "\(grouped) \(self == 1 ? one : many ?? one + "s")"
  }
}

extension Sequence<String> {
  /// The first few, and how many there are besides: `a, b, c and 4 more`.
  func listed(_ most: Int = 3) -> String {
    let all = Array(self)
    let shown = all.prefix(most).joined(separator: ", ")
    return all.count > most ? "\(shown) and \(all.count - most) more" : shown
  }
}
