import FlowrexAPI
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import Logging
import ServiceContract
import Synchronization

/// Whether the database answers and its schema is one that this program can work on. (S17-HS-05,
/// S18-EP-02)
///
/// Nothing is changed here but that the first administrator is made: a process that was started
/// before its schema is there waits for it, and does not migrate.
final class DatabaseReadiness: Sendable {
  private let store: any Store
  private let schema: MigrationSet
  private let metrics: MetricRegistry
  private let logger: Logger
  /// Runs once, when the schema fits.
  private let prepare: @Sendable () async throws -> Void
  private let isPrepared = Mutex(false)
  /// What was said last, so that it is said once.
  private let said = Mutex("")

  init(
    _ store: any Store, _ schema: MigrationSet, metrics: MetricRegistry, logger: Logger,
    prepare: @escaping @Sendable () async throws -> Void
  ) {
    self.store = store
    self.schema = schema
    self.metrics = metrics
    self.logger = logger
    self.prepare = prepare
    metrics.set(Flowrex.schemaVersionExpected, to: Count(schema.migrations.count))
  }

  var check: ReadinessCheck { ReadinessCheck(.database) { await self.isReady() } }

  private func isReady() async -> Bool {
    do {
      let schema = schema
      let fit = try await store.transact { rows in
        SchemaFit(applied: try rows.appliedMigrations(), schema)
      }
      metrics.set(Flowrex.schemaVersion, to: Count(fit.version))
      guard fit.faults.isEmpty else {
        say("the schema does not fit: \(fit.faults.joined(separator: "; "))")
        return false
      }
      if !isPrepared.withLock({ $0 }) {
        try await prepare()
        isPrepared.withLock { $0 = true }
      }
      say("")
      return true
    } catch {
      say("the database does not do what it is asked: \(error)")
      return false
    }
  }

  private func say(_ text: String) {
    let isNew = said.withLock { said in
      defer { said = text }
      return said != text
    }
    if isNew, !text.isEmpty { logger.warning("\(text)") }
  }
}
