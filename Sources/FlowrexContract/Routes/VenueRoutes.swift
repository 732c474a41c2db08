public import ServiceContract

/// The template of every route of the simulated venue.
public enum VenueEndpoint: String, LabelValue {
  case orders = "/venue/v1/orders"
  case order = "/venue/v1/orders/{id}"
  case cancelOrder = "/venue/v1/orders/{id}/cancel"
  case events = "/venue/v1/events"
}

/// What the simulated venue answers a worker, inside an environment's network only: the edge
/// forwards nothing to it. (S17-ENV-03)
extension Route {
  public static let venueSubmit = Route(
    .post, venue: .orders, "Takes an order by our id, or says why not. (S04-TRD-05)")
  public static let venueCancel = Route(
    .post, venue: .cancelOrder, "Asks for an order's end. (S04-TRD-05)")
  public static let venueLookUp = Route(
    .get, venue: .order, "The order as the venue has it. (S04-RES-07)")
  public static let venueEvents = Route(
    .get, venue: .events, "What happened after a place of the journal. (S04-TRD-05)")

  /// What the venue mounts on ``Port/venue``.
  public static let venueRoutes: [Route] = [venueSubmit, venueCancel, venueLookUp, venueEvents]
}

extension Route {
  fileprivate init(_ method: Method, venue: VenueEndpoint, _ summary: String) {
    self.init(
      method, venue.rawValue, auth: .anonymous, limit: nil, within: .seconds(3), summary)
  }
}
