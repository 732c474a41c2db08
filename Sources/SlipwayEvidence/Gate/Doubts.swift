extension Ruling: Error {}

extension Sight {
  /// What was seen, if it may be believed; a ruling that says why not is thrown.
  ///
  /// - Parameters:
  ///   - what: As it is called in a sentence: `the report on nodes`.
  ///   - commit: The commit that it must be of; `nil` if it is about none.
  func trusted(
    _ what: String, by question: GateQuestion, of commit: String? = nil, within age: Duration,
    fix: String
  ) throws(Ruling) -> Evidence<Value> {
    switch self {
    case .missing(let what): throw .unproven(what, fix: fix)
    case .unreadable(let why): throw .unproven("\(what) cannot be used: \(why)", fix: fix)
    case .seen(let seen):
      if let doubt = question.doubt(seen, what, of: commit, within: age, fix: fix) { throw doubt }
      return seen
    }
  }
}

extension Criterion {
  /// The ruling of a body that throws what it doubts.
  func ruled(_ body: () throws(Ruling) -> Ruling) -> Ruling {
    do throws(Ruling) { return try body() } catch { return error }
  }
}

/// How old a fact of the cluster may be: the script that asks collects all of them just before.
enum FactAge {
  static let now = Duration.seconds(15 * 60)
}
