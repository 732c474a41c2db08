package import FlowrexConfiguration

/// Where a request came from. (S17-RL-05, C-34)
///
/// `X-Forwarded-For` is a claim: it is believed from the right, as far as every hop is a proxy of
/// ours. What a client writes itself stands to the left of that and is never reached.
package enum ClientAddress {
  /// - Parameters:
  ///   - peer: The other end of the connection.
  ///   - forwarded: The values of `X-Forwarded-For`, all of them, joined by commas.
  ///   - trusted: Networks whose word is taken.
  package static func of(
    peer: String, forwarded: String?, trusted: [AddressBlock]
  ) -> String {
    func isOurs(_ address: String) -> Bool { trusted.contains { $0.contains(address) } }
    var address = peer.isEmpty ? "unknown" : peer
    guard isOurs(address), let forwarded else { return address }
    for part in forwarded.split(separator: ",").reversed() {
      let hop = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      guard AddressBlock.isAddress(hop) else { return address }
      address = hop
      guard isOurs(hop) else { return address }
    }
    return address
  }
}
