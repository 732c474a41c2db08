package import FlowrexContract

/// Somebody who watches a server from here: metrics, logs.
package protocol RedisObserver: Sendable {
  /// How the last attempt to use it ended.
  func reached(_ isReachable: Bool)
  /// The breaker entered a state.
  func entered(_ state: BreakerState)
  /// A second attempt was made.
  func retried()
  /// What went wrong, the first time after it went well.
  func failed(_ fault: RedisFault)
}
