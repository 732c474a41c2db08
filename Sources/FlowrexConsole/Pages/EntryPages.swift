import FlowrexContract
import FlowrexServing
import Foundation
import HTTPTypes
import Logging
import ServiceContract

/// The way in and out, and what is asked before anybody is in. (S04-AUTH-07 … 10, S18-EP-04)
struct EntryPages: Sendable {
  let desk: SessionDesk
  let tokens: TokenDesk
  let client: APIClient
  let files: StaticFiles
  let life: LifeCycle
  let logger: Logger
  let cookies: ConsoleCookies
  let service: String
  let version: String
  /// RFC 3339, in UTC, to the millisecond.
  let timestamp: @Sendable () -> String

  var all: [PageHandler] {
    [
      PageHandler(.consoleHealth, health), PageHandler(.pageHome, home),
      PageHandler(.pageSignIn, form), PageHandler(.formSignIn, signIn),
      PageHandler(.formSignOut, signOut), PageHandler(.consoleFile, file),
    ]
  }

  private struct Health: Encodable {
    let status = "healthy"
    let service: String
    let version: String
    let timestamp: String
    /// Whether the API was ever reached: what the health check waits for. (engine fact F11)
    let wasReady: Bool

    enum CodingKeys: String, CodingKey {
      case status, service, version, timestamp
      case wasReady = "was_ready"
    }
  }

  @Sendable private func health(_ call: PageCall, _ view: View) throws -> PageAnswer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let health = Health(
      service: service, version: version, timestamp: timestamp(), wasReady: life.wasReady)
    return PageAnswer(
      status: .ok, headers: [.contentType: "application/json"],
      body: Array(try encoder.encode(health)))
  }

  @Sendable private func file(_ call: PageCall, _ view: View) throws -> PageAnswer {
    try files.answer(call.parameters["file"] ?? "")
  }

  @Sendable private func home(_ call: PageCall, _ view: View) -> PageAnswer {
    .see(Link(view.session == nil ? .signIn : .portfolio))
  }

  @Sendable private func form(_ call: PageCall, _ view: View) -> PageAnswer {
    let notice: Notice? =
      if call.asked("left") != nil {
        Notice(.good, "You are signed out.")
      } else if call.asked("ended") != nil {
        Notice(.note, "Your session is over. Sign in again.")
      } else {
        nil
      }
    return form(view, notice, next: Self.landing(call.asked("next")))
  }

  /// Always with a cookie of its own: the form of a sign-in that somebody else prepared is no use.
  private func form(
    _ view: View, _ notice: Notice?, email: String = "", next: ConsoleEndpoint?,
    status: HTTPResponse.Status = .ok
  ) -> PageAnswer {
    let (token, cookie) = desk.newFormCookie()
    // Nobody is shown as signed in where somebody signs in.
    let view = View(view.site, view.page, session: nil, formToken: token)
    var answer = PageAnswer.page(
      view.signIn(message: notice, email: email, next: next), status: status)
    answer.headers.append(HTTPField(name: .setCookie, value: cookie))
    return answer
  }

  /// A page of ours by its exact name, or none: nothing else is ever an address. (CWE-601)
  private static func landing(_ text: String?) -> ConsoleEndpoint? {
    guard let page = text.flatMap({ ConsoleEndpoint(rawValue: $0) }),
      View.landings.contains(page)
    else { return nil }
    return page
  }

  private struct Person: Decodable {
    let email: String
    let role: String
  }

  @Sendable private func signIn(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    let email = call.form["email"]
    let next = Self.landing(call.form["next"])
    do {
      let tokens = try await tokens.signIn(
        email: email, password: call.form.exact("password"), from: call.origin)
      let bearer = [("Authorization", "Bearer \(tokens.access)")]
      let person = try await client.call(.me, headers: bearer, from: call.origin)
        .decoded(Person.self)
      let session = ConsoleSession(
        id: desk.drawn(), email: person.email, isAdmin: person.role == "admin", tokens: tokens)
      logger.info("signed in", metadata: ["request_id": "\(call.origin.requestID)"])
      var answer = PageAnswer.see(Link(next ?? .portfolio))
      answer.headers.append(HTTPField(name: .setCookie, value: try desk.cookie(session)))
      answer.headers.append(HTTPField(name: .setCookie, value: cookies.form.cleared))
      return answer
    } catch let fault as APIFault {
      return form(view, Notice(fault), email: email, next: next, status: fault.status)
    }
  }

  /// The session's cookie goes whatever the API says; that the session itself lives on is said.
  @Sendable private func signOut(_ call: PageCall, _ view: View) async throws -> PageAnswer {
    do {
      _ = try await call.api().call(.logout)
    } catch let fault as APIFault where !fault.isUnauthenticated {
      logger.warning(
        "a session was not ended at the API",
        metadata: ["request_id": "\(call.origin.requestID)"])
      var answer = form(
        view,
        Notice(
          .bad,
          "You are signed out in this browser. The API could not be told: your session there ends"
            + " by itself, or with a change of your password."),
        next: nil, status: fault.status)
      answer.headers.append(HTTPField(name: .setCookie, value: cookies.session.cleared))
      return answer
    }
    return desk.left()
  }
}
