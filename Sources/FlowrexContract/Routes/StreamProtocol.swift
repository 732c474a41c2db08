/// How a WebSocket to ``Route/webSocket`` is opened. The API asks for it and the console's script
/// does it, so it stands here. (S18-NGX-17)
public enum StreamProtocol {
  /// What the API speaks; a client that names protocols names this one.
  public static let version = "flowrex.v1"
  /// Pages cannot send headers with a WebSocket, and a token in an address would be in logs: it
  /// comes as the name of a protocol that is never chosen.
  public static let tokenPrefix = "flowrex.bearer."
}
