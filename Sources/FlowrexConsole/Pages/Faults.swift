import FlowrexContract
import HTTPTypes

/// What a person reads when something is not as it should be. What broke stands in the log.
extension Notice {
  /// The API's own words, and its code.
  init(_ fault: APIFault) {
    switch fault {
    case .problem(let problem):
      self.init(
        problem.status == 409 || problem.status == 422 ? .note : .bad, problem.title,
        code: problem.field.map { "\(problem.code): \($0)" } ?? problem.code,
        detail: problem.detail)
    case .unreachable:
      self.init(.bad, "The API cannot be reached at the moment. Nothing was done.")
    case .unanswered:
      self.init(
        .bad, "The API did not answer in time. Whether it was done is not known: look first.")
    case .unreadable:
      self.init(.bad, "The API answered something that this console does not understand.")
    }
  }
}

extension APIFault {
  /// What the page with it is answered as.
  var status: HTTPResponse.Status {
    switch self {
    case .problem(let problem):
      switch problem.status {
      case 400...499: HTTPResponse.Status(code: problem.status)
      default: .serviceUnavailable
      }
    case .unreachable, .unanswered: .serviceUnavailable
    case .unreadable: .badGateway
    }
  }
}

/// A page that says what is wrong, and nothing else.
struct FaultPage {
  let status: HTTPResponse.Status
  let title: String
  let notice: Notice
  var headers: HTTPFields = [:]

  /// - Returns: `nil` for somebody who has to sign in first.
  init?(_ error: any Error) {
    switch error {
    case let fault as APIFault:
      guard !fault.isUnauthenticated else { return nil }
      self.init(fault.status, Self.title(of: fault), Notice(fault))
    case let fault as PageFault:
      self.init(fault)
    default:
      self.init(.failed)
    }
    if status == .serviceUnavailable { headers[.retryAfter] = "5" }
  }

  private init(_ status: HTTPResponse.Status, _ title: String, _ notice: Notice) {
    self.status = status
    self.title = title
    self.notice = notice
  }

  private init?(_ fault: PageFault) {
    func bad(_ status: HTTPResponse.Status, _ title: String, _ text: String) -> Self {
      Self(status, title, Notice(.bad, text))
    }
    switch fault {
    case .signedOut: return nil
    case .foreignForm:
      self = bad(
        .forbidden, "Not sent",
        "The form was not made for this session, or it is too old. Open its page again.")
    case .unreadableForm:
      self = bad(.badRequest, "Not sent", "The form cannot be read.")
    case .formTooLarge: self = bad(.contentTooLarge, "Not sent", "The form is too large.")
    case .unknownHost: self = bad(.badRequest, "Not here", "This host is not served here.")
    case .notFound: self = bad(.notFound, "Not found", "There is no such page.")
    case .methodNotAllowed(let methods):
      self = bad(.methodNotAllowed, "Not possible", "This page cannot be asked in that way.")
      headers[.allow] = methods.joined(separator: ", ")
    case .forbidden: self = bad(.forbidden, "Not allowed", "This page is for administrators.")
    case .late:
      self = bad(.serviceUnavailable, "Too slow", "The page was not ready in time.")
    case .unknownOutcome:
      self = bad(
        .serviceUnavailable, "Not known",
        "It was sent and not answered in time. Whether it was done is not known: look first.")
    case .failed:
      self = bad(.internalServerError, "Our fault", "Something went wrong on our side.")
    }
  }

  private static func title(of fault: APIFault) -> String {
    switch fault.status {
    case .notFound: "Not found"
    case .forbidden: "Not allowed"
    case .tooManyRequests: "Too many requests"
    case .conflict, .unprocessableContent: "Not done"
    default: "Not available"
    }
  }
}
