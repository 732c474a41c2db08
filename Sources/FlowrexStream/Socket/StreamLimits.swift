import ServiceContract

/// How much of everything. (S17-VAR-37 … 39, S04-RL-06, S04-RES-11)
package struct StreamLimits: Sendable {
  /// Sockets of this replica.
  package var sockets: Int
  package var perPerson: Int
  /// Messages that wait for one socket.
  package var queue: Int
  /// Bytes of a message from a client.
  package var message: Int
  package var heartbeat: Duration
  package var sendTimeout: Duration

  package init(
    sockets: Int, perPerson: Int, queue: Int, message: Int, heartbeat: Duration,
    sendTimeout: Duration
  ) {
    self.sockets = sockets
    self.perPerson = perPerson
    self.queue = queue
    self.message = message
    self.heartbeat = heartbeat
    self.sendTimeout = sendTimeout
  }

  /// Frames of every kind from one client. A page says a few at its beginning and then one now
  /// and then; pings and fragments cost as much as messages to whoever receives them.
  static let frames = LimitClass("websocket_frames", perMinute: 300, burst: 60)
  /// Changes that one transaction reads.
  static let page = 100
  /// Open orders in a snapshot: more than the cap of open orders of any account.
  static let snapshotOrders = 500
  /// Streams that read the database at the same time: requests need its connections too.
  static let readers = 4
}
