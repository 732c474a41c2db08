import FlowrexContract
import HTTPTypes
import ServiceContract

/// The emergency stop: one person sets it, two end it. (S18-EMG-02, 06)
struct EmergencyPages: Sendable {
  var all: [PageHandler] {
    [
      PageHandler(.pageEmergency, show), PageHandler(.formEmergency, stop),
      PageHandler(.formEmergencyRelease, release),
    ]
  }

  @Sendable private func show(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let state: Result<JSONValue, APIFault> = try await call.api().part(.emergencyState)
    return page(view, state, call.asked("done").flatMap(Self.done), state.status)
  }

  private func page(
    _ view: View, _ state: Result<JSONValue, APIFault>, _ notice: Notice?,
    _ status: HTTPResponse.Status
  ) -> PageAnswer {
    .page(
      view.page(
        "Emergency stop", isLive: true,
        live: [
          notice?.node ?? .nothing,
          view.section("State", state) { view.facts($0, first: Names.emergency) },
        ],
        still: [view.stopForm, view.releaseForm]), status: status)
  }

  private static func done(_ code: String) -> Notice? {
    switch code {
    case "stopped": Notice(.bad, "All trading is stopped.")
    case "asked": Notice(.note, "The end of the stop was asked for or confirmed: see the state.")
    default: nil
    }
  }

  @Sendable private func stop(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    // A box to tick instead of a question that needs a script.
    guard call.form["sure"] == "yes" else {
      let state: Result<JSONValue, APIFault> = try await call.api().part(.emergencyState)
      return page(
        view, state, Notice(.bad, "Nothing was stopped: the box was not ticked."),
        .unprocessableContent)
    }
    _ = try await call.api().call(.emergencyStop)
    return .see(Link(.emergency, query: [("done", "stopped")]))
  }

  @Sendable private func release(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    _ = try await call.api().call(.emergencyRelease)
    return .see(Link(.emergency, query: [("done", "asked")]))
  }
}

extension View {
  fileprivate var stopForm: Node {
    .tag(
      .section, .tag(.h2, "Stop all trading"),
      .tag(
        .p, "No order is accepted and none is sent, for everybody, until two administrators end it."
      ),
      form(
        Link(.emergency), [.class("card")],
        .tag(
          .label, [.class("check")],
          .tag(.input, [.type("checkbox"), .name("sure"), .value("yes"), .required]),
          "Stop trading for everybody"),
        .tag(.button, [.class("danger")], "Stop now")))
  }

  fileprivate var releaseForm: Node {
    .tag(
      .section, .tag(.h2, "End the stop"),
      .tag(.p, "One administrator asks for it, another one confirms."),
      form(
        Link(.emergencyRelease), [.class("card")],
        .tag(.button, [.class("quiet")], "Ask for the end, or confirm it")))
  }
}
