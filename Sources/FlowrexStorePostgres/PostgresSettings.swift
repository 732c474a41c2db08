package import Ledger

/// How the database is reached and how long it may take. (C-16, C-27, C-35, C-60)
package struct PostgresSettings: Hashable, Sendable {
  /// A host's name, or the folder of a socket.
  package var host: String
  package var port: Int
  package var database: String
  package var user: String
  /// Read from a mounted secret; empty where the server asks for none.
  package var password: String
  /// libpq's own words: `disable`, `verify-full`.
  package var tls: String
  /// Whether it is a copy that only reads.
  package var isReplica = false
  /// Who signed the server's certificate.
  package var authorityFile: String?

  /// The key `DATABASE_POOL_SIZE`.
  package var poolSize = 10
  /// The key `DATABASE_MAX_OVERFLOW`: more connections, for a short time.
  package var overflow = 5
  /// So long a connection above the pool's size stays without use.
  package var overflowLife = Span.seconds(10)
  package var poolWait = Span.seconds(5)
  /// An older connection is made anew.
  package var recycleAfter = Span.seconds(3_600)
  package var connectTimeout = Span.seconds(5)
  package var statementTimeout = Span.seconds(4)
  package var migrationLockTimeout = Span.seconds(5)
  package var migrationStatementTimeout = Span.seconds(600)

  package init(
    host: String, port: Int = 5_432, database: String, user: String, password: String = "",
    tls: String, authorityFile: String? = nil
  ) {
    self.host = host
    self.port = port
    self.database = database
    self.user = user
    self.password = password
    self.tls = tls
    self.authorityFile = authorityFile
  }

  /// libpq's parameters.
  func parameters(statementTimeout: Span, lockTimeout: Span) -> [(String, String)] {
    // What is left open by somebody who died must not hold rows for long.
    let options = [
      "-c statement_timeout=\(statementTimeout.milliseconds)",
      "-c lock_timeout=\(lockTimeout.milliseconds)",
      "-c idle_in_transaction_session_timeout=\(statementTimeout.milliseconds)",
      "-c timezone=UTC",
      // Whoever gave up is gone: what runs for it ends, also before its time is over.
      "-c client_connection_check_interval=1000",
    ]
    var parameters = [
      ("host", host), ("port", String(port)), ("dbname", database), ("user", user),
      ("sslmode", tls), ("application_name", "flowrex"), ("client_encoding", "UTF8"),
      ("connect_timeout", String(max(2, connectTimeout.milliseconds / 1_000))),
      ("options", options.joined(separator: " ")), ("keepalives_idle", "10"),
      ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", String(statementTimeout.milliseconds + 5_000)),
      // Of several hosts the one that writes; a replica alone is none to work with. And one that
      // was made the primary is no copy any more.
      ("target_session_attrs", isReplica ? "standby" : "read-write"),
    ]
    if !password.isEmpty { parameters.append(("password", password)) }
    if let authorityFile { parameters.append(("sslrootcert", authorityFile)) }
    return parameters
  }
}

extension Span {
  var milliseconds: Int64 { microseconds / 1_000 }
}
