import FlowrexContract
import Ledger
import LedgerTrials

extension Generator {
  mutating func orderEvent() -> OrderEvent {
    let kind = pick(OrderEventKind.allCases)
    guard kind == .filled else { return .example(of: kind) }
    return .filled(Quantity(Int32(number(-1...60)), .two))
  }
}
