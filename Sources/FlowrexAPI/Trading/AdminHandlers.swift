import FlowrexAuth
import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import Ledger
import Risk
import ServiceContract

/// What stops trading, and what lets it go on. (S18-EMG-02, 03, 06, C-55)
package struct AdminHandlers: Sendable {
  private let desk: Desk
  private let maintenance: MaintenanceSwitch
  private let metrics: MetricRegistry

  package init(_ desk: Desk, _ maintenance: MaintenanceSwitch, metrics: MetricRegistry) {
    self.desk = desk
    self.maintenance = maintenance
    self.metrics = metrics
  }

  package var all: [RouteHandler] {
    [
      RouteHandler(.emergencyState, OperationDocument(answer: .emergency)) { _ in
        try .json(JSONTree.emergency(try await desk.control()))
      },
      RouteHandler(.emergencyStop, OperationDocument(answer: .emergencySweep), stop),
      RouteHandler(
        .emergencyRelease,
        OperationDocument(
          answer: .emergency, others: [.notStopped, .secondPersonNeeded, .tradingStopped]),
        release),
      RouteHandler(.closeAll, OperationDocument(answer: .closeSweep), closeAll),
      RouteHandler(.maintenanceState, OperationDocument(answer: .maintenance)) { _ in
        try .json(JSONTree.maintenance(try await maintenance.state()))
      },
      RouteHandler(
        .setMaintenance, OperationDocument(body: .maintenanceWish, answer: .maintenance),
        setMaintenance),
    ]
  }

  private func person(_ call: Call) throws -> PersonID {
    PersonID(subject: try call.caller().subject)
  }

  /// First nothing more goes, then what is open is asked to end. Whatever is left of that when the
  /// time of this request is over, the worker asks for.
  @Sendable private func stop(_ call: Call) async throws -> Answer {
    try call.takesNothing()
    let control = try await desk.command(.engage, by: .person(person(call)))
    show(control)
    let sweep = try await desk.cancelOpenOrders()
    return try .json(
      [
        "emergency": .emergency(control), "asked_to_end": .number(sweep.asked),
        "not_reached": .list(sweep.failed.map { .id($0) }),
      ] as JSONTree)
  }

  /// One person asks, another one confirms; then trading goes on. Should the end of that have been
  /// lost, asking once more brings it.
  @Sendable private func release(_ call: Call) async throws -> Answer {
    try call.takesNothing()
    let actor = TradingControl.Actor.person(try person(call))
    var control = try await desk.control()
    switch control.killSwitch {
    case .engaged: control = try await desk.command(.proposeRelease, by: actor)
    case .releaseProposed:
      _ = try await desk.command(.confirmRelease, by: actor)
      control = try await desk.command(.activate, by: actor)
    case .released:
      guard control.state == .halted else { throw Problem(.notStopped) }
      control = try await desk.command(.activate, by: actor)
    }
    show(control)
    return try .json(JSONTree.emergency(control))
  }

  /// The name of the request is the name of the command, under which its orders are found.
  @Sendable private func closeAll(_ call: Call) async throws -> Answer {
    try call.takesNothing()
    guard let command = ClientKey(call.requestID) else { throw Problem(.malformedRequest) }
    let sweep = try await desk.closeAll(command, by: person(call))
    for code in sweep.answers.compactMap(\.denial) {
      metrics.add(to: Flowrex.riskRejections, .of(\.code, code))
    }
    return try .json(
      [
        "command": .text(command.text),
        "orders": .list(sweep.answers.compactMap(\.order).map { .id($0) }),
        "denied": .list(
          sweep.answers.compactMap { answer in
            guard case .denied(let code, let sentence) = answer.outcome else { return nil }
            return .denial(code, sentence)
          }),
        "not_reached": .list(sweep.failed.map { .id($0) }),
      ] as JSONTree)
  }

  struct Wish: StrictBody {
    static let fields: Set<String> = ["is_on"]
    let is_on: Bool
  }

  @Sendable private func setMaintenance(_ call: Call) async throws -> Answer {
    let wish = try call.decoded(Wish.self)
    let state = try await maintenance.set(wish.is_on, by: person(call))
    metrics.set(Flowrex.maintenance, to: state.isOn ? 1 : 0)
    return try .json(JSONTree.maintenance(state))
  }

  private func show(_ control: TradingControl) {
    metrics.set(Flowrex.killSwitch, to: control.isStopped ? 1 : 0)
    for state in TradingState.allCases {
      metrics.set(Flowrex.tradingState, to: control.state == state ? 1 : 0, .of(\.state, state))
    }
  }
}

extension JSONTree {
  static func emergency(_ control: TradingControl) -> Self {
    var fields: [String: Self] = [
      "is_stopped": .flag(control.isStopped), "trading_state": .word(control.state),
    ]
    switch control.killSwitch {
    case .released: break
    case .engaged(let actor, let at):
      fields["stopped_at"] = .moment(at)
      fields["stopped_by"] = actor.text
    case .releaseProposed(let person, let at):
      fields["release_proposed_by"] = .id(person)
      fields["release_proposed_at"] = .moment(at)
    }
    return .object(fields)
  }

  static func maintenance(_ state: Maintenance) -> Self {
    var fields: [String: Self] = ["is_on": .flag(state.isOn)]
    fields["by"] = state.person.map { .id($0) }
    fields["at"] = state.at.map { .moment($0) }
    return .object(fields)
  }
}

extension TradingControl.Actor {
  fileprivate var text: JSONTree {
    switch self {
    case .person(let person): .id(person)
    case .riskGuard: "risk_guard"
    }
  }
}
