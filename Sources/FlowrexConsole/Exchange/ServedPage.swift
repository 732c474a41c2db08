import FlowrexContract
import FlowrexServing
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceContract

/// What answers one route of the console.
struct PageHandler: Sendable {
  typealias Work = @Sendable (PageCall, View) async throws -> PageAnswer
  let route: Route
  let work: Work

  init(_ route: Route, _ work: @escaping Work) {
    self.route = route
    self.work = work
  }
}

/// One mounted route: session, form, time, handler, in this order.
struct ServedPage: HTTPResponder {
  typealias Context = PageContext

  let handler: PageHandler
  let desk: SessionDesk
  let site: Site
  /// The chain's own bound, above what a route says. (C-35)
  let requestTimeout: Duration

  func respond(to request: Request, context: PageContext) async throws -> Response {
    let route = handler.route
    let end = ContinuousClock.now + min(route.within, requestTimeout)
    let cookies = request.headers[values: .cookie]
    let session = desk.session(in: cookies)
    let formCookie = desk.formCookie(in: cookies)
    let origin = APIClient.Origin(address: context.address, requestID: context.requestID)
    let person =
      route.auth == .anonymous ? nil : session.map { desk.person($0, from: origin) }
    let view = View(
      site, ConsoleEndpoint(rawValue: route.path) ?? .unmatched, session: session,
      formToken: desk.formToken(session, formCookie))
    var answer: PageAnswer
    do {
      let form = try await form(of: request, until: end)
      // Without a session nothing is done whoever sent the form.
      if route.auth != .anonymous, person == nil { throw PageFault.signedOut }
      if route.method == .post {
        let session = route.auth == .anonymous ? nil : session
        try desk.judge(form, request.headers, session: session, formCookie: formCookie)
      }
      if route.auth == .admin, session?.isAdmin != true { throw PageFault.forbidden }
      let call = PageCall(
        route: route, parameters: Self.parameters(context), query: Self.query(request),
        form: form, person: person, origin: origin)
      let work = handler.work
      let late: PageFault = route.method == .get ? .late : .unknownOutcome
      answer = try await Deadline.run(until: end, orThrow: late) { try await work(call, view) }
    } catch {
      answer = failure(error, view, context)
    }
    if let changed = person?.changed, answer.headers[values: .setCookie].isEmpty {
      answer.headers.append(HTTPField(name: .setCookie, value: try desk.cookie(changed)))
    }
    return answer.response
  }

  /// What is answered instead.
  private func failure(
    _ error: any Error, _ view: View, _ context: PageContext
  ) -> PageAnswer {
    guard let fault = FaultPage(error) else {
      // After a form nobody knows the page to return to.
      let isPage = handler.route.method == .get
      return desk.signedOut(next: isPage ? view.page : nil, hadSession: view.session != nil)
    }
    if !(error is APIFault || error is PageFault) {
      // The type says what broke; its text may hold what nobody should read.
      context.logger.error(
        "a page failed", metadata: ["fault": "\(String(describing: type(of: error)))"])
    }
    return view.answer(fault)
  }

  private static func parameters(_ context: PageContext) -> [String: String] {
    var result: [String: String] = [:]
    for (name, value) in context.parameters { result[String(name)] = String(value) }
    return result
  }

  private static func query(_ request: Request) -> [(name: String, value: String)] {
    request.uri.queryParameters.map { (String($0.key), String($0.value)) }
  }

  private func form(
    of request: Request, until end: ContinuousClock.Instant
  ) async throws -> FormFields {
    guard handler.route.method == .post else { return .none }
    if let length = request.headers[.contentLength].flatMap({ Int($0) }),
      length > FormFields.largest
    {
      throw PageFault.formTooLarge
    }
    let type = request.headers[.contentType]?.lowercased().prefix { $0 != ";" }
    guard type == "application/x-www-form-urlencoded",
      request.headers[.contentEncoding] == nil
    else { throw PageFault.unreadableForm }
    let body = request.body
    let bytes = try await Deadline.cancelling(until: end, orThrow: PageFault.late) {
      var bytes: [UInt8] = []
      for try await part in body {
        guard bytes.count + part.readableBytes <= FormFields.largest else {
          throw PageFault.formTooLarge
        }
        bytes += part.readableBytesView
      }
      return bytes
    }
    return try FormFields(parsing: bytes)
  }
}

extension View {
  /// A page with nothing but what is wrong.
  func answer(_ fault: FaultPage) -> PageAnswer {
    var answer = PageAnswer.page(
      page(fault.title, live: [fault.notice.node]), status: fault.status)
    answer.headers.append(contentsOf: fault.headers)
    return answer
  }
}
