import FlowrexContract
import HTTPTypes
import ServiceContract

/// Orders that wait for a person. (C-65)
struct ApprovalPages: Sendable {
  var all: [PageHandler] {
    [
      PageHandler(.pageApprovals, list), PageHandler(.formApprove, approve),
      PageHandler(.formReject, reject),
    ]
  }

  @Sendable private func list(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let query = call.asked("after").map { [("after", $0)] } ?? []
    let waiting: Result<Listed, APIFault> = try await call.api().part(
      .listApprovals, query: query)
    return .page(
      view.page(
        "Approvals", isLive: true,
        live: [
          call.asked("done").flatMap(Self.done)?.node ?? .nothing,
          view.section(nil, waiting) { page in
            .group([
              view.table("Orders that wait", Columns.approvals, page.items) { item in
                view.decisions(item.value(at: "order.id").shown)
              },
              view.more({ Link(.approvals, query: [("after", $0)]) }, page.next),
            ])
          },
        ]), status: waiting.status)
  }

  private static func done(_ code: String) -> Notice? {
    switch code {
    case "approved": Notice(.good, "The order was approved.")
    case "rejected": Notice(.note, "The order was refused.")
    default: nil
    }
  }

  @Sendable private func approve(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let answer: JSONValue = try await call.api().call(.approve, [call.id]).decoded()
    if let notice = Notice(denial: answer["denial"], "Risk does not allow the order any more.") {
      return .page(
        view.page("Approvals", live: [notice.node, view.back]), status: .unprocessableContent)
    }
    return .see(Link(.approvals, query: [("done", "approved")]))
  }

  @Sendable private func reject(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    _ = try await call.api().call(.reject, [call.id])
    return .see(Link(.approvals, query: [("done", "rejected")]))
  }
}

extension View {
  fileprivate var back: Node { .tag(.p, .tag(.a, [.href(Link(.approvals))], "Back to the list")) }

  fileprivate func decisions(_ id: String) -> [Node] {
    [
      form(Link(.approve, id), [], .tag(.button, [.class("main")], "Approve")),
      form(Link(.reject, id), [], .tag(.button, [.class("quiet")], "Reject")),
    ]
  }
}
