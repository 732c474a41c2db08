/// Which `Host` is answered; health is asked under any. (S17-HDR-10, C-70)
package struct TrustedHosts: Sendable {
  private let hosts: Set<String>

  package init(_ hosts: [String]) { self.hosts = Set(hosts.map { $0.lowercased() }) }

  /// - Parameter authority: The header as it came, perhaps with a port.
  package func isTrusted(_ authority: String?) -> Bool {
    guard let authority else { return false }
    let host: Substring
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return false }
      host = authority[authority.index(after: authority.startIndex)..<end]
      guard Self.isPort(authority[authority.index(after: end)...]) else { return false }
    } else {
      let colon = authority.firstIndex(of: ":") ?? authority.endIndex
      host = authority[..<colon]
      guard Self.isPort(authority[colon...]) else { return false }
    }
    return hosts.contains(host.lowercased())
  }

  /// Nothing, or a colon and digits.
  private static func isPort(_ text: Substring) -> Bool {
    text.isEmpty || (text.first == ":" && text.count > 1 && UInt16(text.dropFirst()) != nil)
  }
}
