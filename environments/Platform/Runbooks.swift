import Slipway

/// What to do when something fires; one page each, linked from every alert.
extension Runbook {
  static let apiErrors = Runbook(
    "api-errors",
    meaning: "Clients get errors or wait too long.",
    firstSteps: [
      "Compare the start of the errors with the last release; if they agree, roll back.",
      "Look at the dashboards of database, cache and broker: errors follow their outages.",
      "If one route stands out, stop sending traffic to it with maintenance mode, not to all.",
    ])

  static let trading = Runbook(
    "trading",
    meaning: "Orders fail, or nothing trades although the market is open.",
    firstSteps: [
      "Look at the denial codes: a cap that is reached refuses orders on purpose.",
      "Ask the broker's status page; if the broker is down, pause trading.",
      "If orders are sent that nobody wanted, use the emergency stop at once and ask later.",
    ])

  static let reconciliation = Runbook(
    "reconciliation",
    meaning: "Our books and the broker's differ, or nobody has compared them for a while.",
    firstSteps: [
      "Use the emergency stop if positions differ: every further order makes it worse.",
      "List the divergences by kind in the console; the broker's journal is the truth.",
      "Check that the worker runs and holds the reconciliation job.",
    ])

  static let work = Runbook(
    "work",
    meaning: "A job that nobody asks for is not done: orders, guards, expiry, clean-up.",
    firstSteps: [
      "Ask `scripts/status` whether a worker runs, and read its log: a job that fails says why.",
      "Pause trading while the outbox or the drawdown guard stands still.",
      "If a worker runs and hangs, restart it: another one takes its jobs over at once.",
      "If no worker holds a job although they run, look for rows of it in `job_leases`.",
    ])

  static let marketData = Runbook(
    "market-data",
    meaning: "Prices are late; decisions are made on the past.",
    firstSteps: [
      "Look at the age by symbol: one symbol is the venue, all symbols are the connection.",
      "Check the circuit breaker of market data and the provider's status page.",
    ])

  static let stores = Runbook(
    "data-stores",
    meaning: "PostgreSQL or Redis is down, slow or full.",
    firstSteps: [
      "Ask `scripts/status` which containers run, and on which node.",
      "For a full connection pool, look for long transactions in `pg_stat_activity` and end them.",
      "For a lost primary, follow the page `database`; never start two primaries.",
      "For a slot that holds the log, mend its replica or give it a copy: `scripts/rejoin`.",
      "Without Redis reads go on and writes that need a limit are refused; restore Redis first.",
    ])

  static let backups = Runbook(
    "backups",
    meaning: "The newest copy that was proved good is too old.",
    firstSteps: [
      "Read the log of the backup timer on the manager: `journalctl --unit` names it.",
      "Run `scripts/backup` and `scripts/verify-backup` by hand.",
      "If the log does not reach the object store, the primary's own log says why.",
      "Release nothing until a copy was verified.",
    ])

  static let certificates = Runbook(
    "certificates",
    meaning: "A certificate ends soon; after that nobody can connect.",
    firstSteps: [
      "Run `scripts/certificate renew` on the manager and read what the authority says.",
      "Check that the challenge path is answered on port 80 of every edge node.",
    ])

  static let capacity = Runbook(
    "capacity",
    meaning: "A limit is close: memory, processor, disk or sockets.",
    firstSteps: [
      "Look whether it grows with traffic or on its own; what grows on its own is a leak.",
      "Raise the limit or the number of replicas in the specification, and deploy.",
    ])

  static let security = Runbook(
    "security",
    meaning: "Somebody tries what they may not, or a record of it is missing.",
    firstSteps: [
      "Look at the addresses of the attempts; block them at the content delivery network.",
      "If accounts were entered, revoke their sessions and call the incident commander.",
      "If `scripts/verify-log` fails, change nothing: compare with the heads in `log-heads`.",
    ])
}
