import ServiceContract

/// What the book-keeping service and its deployment agree on: three metrics and one key.
enum Ledgerly {
  static let entries = Counter<EntryLabels>("ledger_entries_total", "Entries that were booked.")
  static let balance = Gauge<Unlabelled, Money>("ledger_balance_dollars", "Sum of all accounts.")
  static let booking = Histogram<Unlabelled, Duration>(
    "ledger_booking_seconds", buckets: [.milliseconds(10), .milliseconds(100), .seconds(1)],
    "From request to committed entry.")
}

struct EntryLabels: LabelSet {
  let side: Label<Side> = "side"
}

enum Side: String, LabelValue { case debit, credit }

extension Setting {
  static let currency = Key<String>("CURRENCY", default: "USD", "The currency of all accounts.")
}

extension SecretKey {
  static let signingKey = SecretKey(
    "LEDGER_SIGNING_KEY", atLeast: 256, rotate: .days(90), "Signs closed months.")
  static let pager = SecretKey(
    "PAGER_KEY", form: .issued, atLeast: 128, rotate: .days(365), "Wakes the book-keeper.")
  static let heartbeat = SecretKey(
    "HEARTBEAT_URL", form: .url, atLeast: 64, rotate: .days(365), "Notices silence.")
}

extension Port {
  static let metrics = Port("metrics", 9100, reach: .metrics)
}

extension Contract {
  static let ledgerly = Contract(
    name: "ledgerly",
    metrics: [Ledgerly.entries.family, Ledgerly.balance.family, Ledgerly.booking.family],
    keys: [Setting.currency.declaration], secrets: [.signingKey], ports: [.metrics])
}

extension Configuration where S: Deployed {
  static func ledgerly(overriding: [Setting] = []) -> Self { Configuration(stating: overriding) }
}
