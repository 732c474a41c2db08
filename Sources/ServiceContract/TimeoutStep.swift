/// A span that must end before the next of its chain does: each party gives up before the one that
/// waits for it, and so can still say why. (C-35)
public struct TimeoutStep: Sendable, Hashable {
  /// Who keeps the time.
  public enum Place: Sendable, Hashable {
    /// The service, as the key of this name tells it.
    case key(String)
    /// The edge, which waits for an answer.
    case edge
    /// The engine, which waits for a container to end.
    case engine
  }
  public let name: String
  /// The span where an environment states no other.
  public let limit: Duration
  public let place: Place
  /// Why it is longer than the one before.
  public let why: String

  public init(name: String, limit: Duration, at place: Place, why: String) {
    self.name = name
    self.limit = limit
    self.place = place
    self.why = why
  }

  /// The key that an environment may state, where one does.
  public var key: String? { if case .key(let name) = place { name } else { nil } }
}
