package import FlowrexContract
package import FlowrexMetrics

/// Somebody who watches the cache.
package protocol CacheObserver: Sendable {
  func hit(_ cache: CacheName)
  func missed(_ cache: CacheName)
  /// A miss that waited for another's answer.
  func coalesced(_ cache: CacheName)
  /// The store could not be asked.
  func failed(_ cache: CacheName)
}

/// The contract's metrics of the cache. (S03-MET-03, C-24)
package struct CacheMeter: CacheObserver {
  private let metrics: MetricRegistry

  package init(metrics: MetricRegistry) { self.metrics = metrics }

  package func hit(_ cache: CacheName) {
    metrics.add(to: Flowrex.cacheHits, .of(\.cache, cache))
  }
  package func missed(_ cache: CacheName) {
    metrics.add(to: Flowrex.cacheMisses, .of(\.cache, cache))
  }
  package func coalesced(_ cache: CacheName) {
    metrics.add(to: Flowrex.cacheCoalesced, .of(\.cache, cache))
  }
  package func failed(_ cache: CacheName) {
    metrics.add(to: Flowrex.cacheErrors, .of(\.cache, cache))
  }
}
