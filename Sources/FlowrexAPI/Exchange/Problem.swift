import Foundation
package import HTTPTypes

/// Every way in which a request can fail, as clients see it: the code is stable, the words are
/// not. (RFC 9457, S04-ERR-03)
package enum ProblemCode: String, Sendable, CaseIterable {
  case malformedRequest = "malformed_request"
  case malformedBody = "malformed_body"
  case invalidField = "invalid_field"
  case unknownField = "unknown_field"
  case unknownHost = "unknown_host"
  case unauthenticated
  case invalidCredentials = "invalid_credentials"
  case forbidden
  case originNotAllowed = "origin_not_allowed"
  case crossSiteRequest = "cross_site_request"
  case notFound = "not_found"
  case methodNotAllowed = "method_not_allowed"
  case bodyTooLarge = "body_too_large"
  case unsupportedMediaType = "unsupported_media_type"
  case rateLimited = "rate_limited"
  case internalFault = "internal_fault"
  case limiterUnavailable = "limiter_unavailable"
  case storeUnavailable = "store_unavailable"
  case timedOut = "timed_out"
  case outcomeUnknown = "outcome_unknown"
  case notReady = "not_ready"
  case keyUsedForAnother = "key_used_for_another"
  case keyInFlight = "key_in_flight"
  case orderStateDiffers = "order_state_differs"
  case orderOnItsWay = "order_on_its_way"
  case approvalDecided = "approval_decided"
  case approvalExpired = "approval_expired"
  case notStopped = "not_stopped"
  case secondPersonNeeded = "second_person_needed"
  case tradingStopped = "trading_stopped"
  case guardStillHalts = "guard_still_halts"
  case priceUnavailable = "price_unavailable"
  case strategyIsOff = "strategy_is_off"
  case signalExpired = "signal_expired"
  case signalNotApproved = "signal_not_approved"
  case signalAsksForNothing = "signal_asks_for_nothing"
  case nothingToExit = "nothing_to_exit"
  case maintenance
  case upgradeRequired = "upgrade_required"
  case tooManyStreams = "too_many_streams"
  case streamsFull = "streams_full"

  package var status: HTTPResponse.Status {
    switch self {
    case .malformedRequest, .malformedBody, .unknownHost: .badRequest
    case .invalidField, .unknownField, .keyUsedForAnother: .unprocessableContent
    case .unauthenticated, .invalidCredentials: .unauthorized
    case .forbidden, .originNotAllowed, .crossSiteRequest: .forbidden
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .bodyTooLarge: .contentTooLarge
    case .unsupportedMediaType: .unsupportedMediaType
    case .rateLimited, .tooManyStreams: .tooManyRequests
    case .upgradeRequired: .upgradeRequired
    case .internalFault: .internalServerError
    case .keyInFlight, .orderStateDiffers, .orderOnItsWay, .approvalDecided, .approvalExpired,
      .notStopped, .secondPersonNeeded, .tradingStopped, .strategyIsOff, .signalExpired,
      .signalNotApproved, .signalAsksForNothing, .nothingToExit, .guardStillHalts:
      .conflict
    case .limiterUnavailable, .storeUnavailable, .timedOut, .outcomeUnknown, .notReady,
      .priceUnavailable, .maintenance, .streamsFull:
      .serviceUnavailable
    }
  }

  /// One line for a person.
  package var title: String {
    switch self {
    case .malformedRequest: "The request cannot be read."
    case .malformedBody: "The body is not the JSON that is expected here."
    case .invalidField: "A field has a value that is not allowed."
    case .unknownField: "The body has a field that is not known here."
    case .unknownHost: "This host is not served here."
    case .unauthenticated: "Sign in first."
    case .invalidCredentials: "E-mail address or password is wrong, or sign-in is blocked."
    case .forbidden: "This is not allowed for you."
    case .originNotAllowed: "This origin may not call the API."
    case .crossSiteRequest: "The request does not come from our own pages."
    case .notFound: "There is nothing here."
    case .methodNotAllowed: "This method is not answered here."
    case .bodyTooLarge: "The body is too large."
    case .unsupportedMediaType: "The body must be application/json, not encoded."
    case .rateLimited: "Rate limit exceeded. Please try again later."
    case .internalFault: "Something went wrong on our side."
    case .limiterUnavailable: "Limits cannot be checked at the moment."
    case .storeUnavailable: "Data cannot be reached at the moment."
    case .outcomeUnknown: "Nobody knows whether it was done: ask again, with the same key."
    case .timedOut: "The answer was not ready in time."
    case .notReady: "The service is not ready."
    case .keyUsedForAnother: "This id of the client's was used for something else."
    case .keyInFlight: "An order with this client order id is being placed at this moment."
    case .orderStateDiffers: "The order is in a state in which that cannot be done."
    case .orderOnItsWay: "The order may still be on its way to the venue."
    case .approvalDecided: "Somebody has decided about this order already."
    case .approvalExpired: "The time to decide about this order is over."
    case .notStopped: "Trading is not stopped."
    case .secondPersonNeeded: "Another administrator has to confirm this."
    case .tradingStopped: "Trading is stopped."
    case .guardStillHalts: "A guard would halt the account again at once."
    case .priceUnavailable: "There is no fresh price at the moment."
    case .strategyIsOff: "The strategy is switched off."
    case .signalExpired: "The signal has expired."
    case .signalNotApproved: "The signal was not approved."
    case .signalAsksForNothing: "The signal asks to hold: nothing comes of it."
    case .nothingToExit: "There is no position that the signal could end."
    case .maintenance: "We are at work on the service. Please come back in a moment."
    case .upgradeRequired: "This address is a WebSocket."
    case .tooManyStreams: "You have too many streams open."
    case .streamsFull: "There is no place for another stream here at the moment."
    }
  }
}

/// A failure with what the client may know of it. What it may not know never comes here.
/// (C-11, S17-HS-06)
package struct Problem: Error, Sendable {
  package let code: ProblemCode
  /// The field that is wrong, where one is.
  package let field: String?
  /// What is wrong with it, for the person who sent it; a program depends on the code alone.
  package let detail: String?
  package var headers: HTTPFields

  package init(
    _ code: ProblemCode, field: String? = nil, detail: String? = nil, headers: HTTPFields = [:]
  ) {
    self.code = code
    self.field = field
    self.detail = detail
    self.headers = headers
  }

  private struct Body: Encodable {
    let type: String
    let title: String
    let status: Int
    let code: String
    let field: String?
    let instance: String
    let detail: String?
  }

  /// - Parameter requestID: Names the request in our log.
  package func answer(requestID: String) -> Answer {
    let body = Body(
      type: "urn:flowrex:problem:\(code.rawValue)", title: code.title, status: code.status.code,
      code: code.rawValue, field: field, instance: "urn:flowrex:request:\(requestID)",
      detail: detail)
    // Texts and a number: their encoding cannot fail.
    let bytes = (try? Answer.encoder.encode(body)).map(Array.init) ?? []
    return Answer(
      status: code.status, headers: headers, body: bytes, type: "application/problem+json")
  }
}
