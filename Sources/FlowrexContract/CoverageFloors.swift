import ServiceContract

extension ModuleFloor {
  /// Where money is counted and where it is guarded: a mistake there is a loss. Each part that
  /// the documents name gets its line here together with its code; a floor of a folder without
  /// code fails the gate. (C-41, S04-TEST-01 … 04)
  static let flowrex = [
    ModuleFloor("ledger", under: ["Sources/Ledger/"], percent: 80),
    ModuleFloor("risk", under: ["Sources/Risk/"], percent: 80),
  ]
}
