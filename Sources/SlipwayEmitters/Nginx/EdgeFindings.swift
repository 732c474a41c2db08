import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// What would make nginx refuse the configuration, or read it as something else.
struct EdgeFindings {
  private let edge: NginxEdge

  init(_ edge: NginxEdge) { self.edge = edge }

  var all: [Finding] {
    (names + proxies + limits + plainPaths + ownPaths + repeatedPaths + hiddenPaths + upstreams).map
    {
      $0.within(edge.environment.name)
    }
  }

  private var names: [Finding] {
    let names = [edge.edge.names.site] + edge.edge.names.also + [edge.edge.names.api]
    let odd = names.filter { !Self.isHostName($0) }.map { name in
      Finding(
        rule: "edge/names-are-host-names", message: "the edge would answer to '\(name)'",
        written: edge.namesOrigin, label: "named here",
        why: "anything but a plain host name is a pattern or a second word to nginx",
        fix: "write a host name: letters, digits, '-' and '.', in lower case")
    }
    let others = edge.edge.names.also
    let twice = others.indices.filter { index in
      others[..<index].contains(others[index]) || others[index] == edge.edge.names.site
        || others[index] == edge.edge.names.api
    }
    return odd
      + twice.map { index in
        Finding(
          rule: "edge/names-are-unique",
          message: "the edge would both serve and redirect '\(others[index])'",
          written: edge.namesOrigin, label: "named twice",
          why: "nginx ignores the second of two servers with one name",
          fix: "delete it from `also:`")
      }
  }

  private static func isHostName(_ name: String) -> Bool {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return name.utf8.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == 45 }
      }
  }

  private var proxies: [Finding] {
    let odd = edge.edge.proxies.ranges.filter { range in
      let parts = range.split(separator: "/", omittingEmptySubsequences: false)
      let isAddress = parts[0].utf8.allSatisfy { $0.isHexadecimal || $0 == 46 || $0 == 58 }
      let bits = parts.count == 2 ? Int(parts[1]) : 0
      return parts.count > 2 || parts[0].isEmpty || !isAddress
        || !(0...128).contains(bits ?? -1) || bits == 0 && parts.count == 2
    }
    let header = edge.edge.proxies.header
    let isToken =
      !header.isEmpty
      && header.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 45 }
    return odd.map { range in
      Finding(
        rule: "edge/proxies-are-addresses", message: "the edge would trust '\(range)'",
        written: edge.proxiesOrigin, label: "trusted here",
        why: "whoever is trusted decides which client is limited; all of the internet must not be",
        fix: "write ranges of addresses: 198.51.100.0/24")
    }
      + (isToken
        ? []
        : [
          Finding(
            rule: "edge/proxies-are-addresses",
            message: "the edge would read the client's address from header '\(header)'",
            written: edge.proxiesOrigin, label: "trusted here",
            why: "nothing has such a header, so all clients would share one limit",
            fix: "name the header that the proxies write: X-Forwarded-For")
        ])
  }

  private var limits: [Finding] {
    var first: [String: LimitClass] = [:]
    var findings: [Finding] = []
    for limit in edge.limitClasses {
      let isPlain =
        limit.name.first.map { $0.isLetter } == true
        && limit.name.utf8.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == 45 }
      if !isPlain || limit.perMinute < 1 || limit.burst < 0 {
        findings.append(
          Finding(
            rule: "edge/limits-let-something-through",
            message: "limit '\(limit.name)' is \(limit.perMinute) a minute, \(limit.burst) at once",
            written: edge.origins(of: limit), label: "limited here",
            why: "nginx takes a plain name and at least one request a minute",
            fix: "name it with a-z, 0-9 and '-', and let at least one request through"))
      }
      if let other = first[limit.name], other != limit {
        findings.append(
          Finding(
            rule: "edge/limits-have-one-meaning",
            message: "limit '\(limit.name)' means two different numbers",
            written: edge.origins(of: limit) + edge.origins(of: other), label: "limited here",
            why: "requests are counted by the name of their class",
            fix: "give one of the classes another name"))
      }
      first[limit.name] = limit
    }
    return findings
  }

  private var plainPaths: [Finding] {
    edge.edge.locations.filter { !$0.hasPlainPath }.map { location in
      Finding(
        rule: "edge/paths-are-plain", message: "the edge would serve the path '\(location.path)'",
        written: [location.origin], label: "forwarded here",
        why: "other characters are variables, patterns or ends of words to nginx",
        fix: "start with '/' and use letters, digits, '-', '.', '_' and '~'; `{name}` for a segment"
      )
    }
  }

  private var ownPaths: [Finding] {
    let own = ["/metrics", EdgePath.challenge, EdgePath.ownPages]
    return edge.edge.locations.filter { location in
      own.contains { location.path == $0 || $0.hasSuffix("/") && location.path.hasPrefix($0) }
    }.map { location in
      Finding(
        rule: "edge/keeps-its-own-paths", message: "the edge would forward '\(location.path)'",
        written: [location.origin], label: "forwarded here",
        why: "metrics stay inside, and certificates and error pages are the edge's own (C-05, F16)",
        fix: "forward another path")
    }
  }

  private var repeatedPaths: [Finding] {
    var seen: [[String]: EdgeLocation] = [:]
    return edge.edge.locations.compactMap { location in
      guard let other = seen.updateValue(location, forKey: location.words) else { return nil }
      return Finding(
        rule: "edge/paths-are-unique", message: "the edge would forward '\(location.path)' twice",
        written: [location.origin, other.origin], label: "forwarded again",
        why: "nginx refuses a second location for one path, and never asks a second pattern",
        fix: "delete one of them")
    }
  }

  /// The first that fits wins, says the specification; to nginx a prefix of files comes before
  /// every pattern. A pattern that an earlier prefix of the same program serves is part of it.
  private var hiddenPaths: [Finding] {
    edge.edge.locations.compactMap { location in
      let files = edge.edge.locations.first { $0.isStatic && $0.covers(location.path) }
      guard case .template = location.match, let files else { return nil }
      return Finding(
        rule: "edge/files-hide-nothing",
        message: "the edge would serve '\(location.path)' as a file under '\(files.path)'",
        written: [location.origin, files.origin], label: "forwarded here",
        why: "nginx prefers a prefix of files to any pattern, whatever stands first",
        fix: "write the files of the same program first, or give them a prefix of their own")
    }
  }

  private var upstreams: [Finding] {
    edge.edge.locations.filter { location in
      !edge.edge.upstreams.contains { $0.name == location.upstream }
    }.map { location in
      Finding(
        rule: "edge/upstreams-exist",
        message: "the edge would forward '\(location.path)' to '\(location.upstream)'",
        written: [location.origin], label: "forwarded here",
        why: "nothing is called that", fix: "forward to a component that runs")
    }
  }
}

extension EdgeLocation {
  fileprivate var path: String {
    switch match {
    case .exactly(let path), .template(let path), .prefix(let path): path
    }
  }

  fileprivate var hasPlainPath: Bool {
    guard path.hasPrefix("/") else { return false }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    return segments.allSatisfy { segment in
      var text = segment
      if case .template = match, segment.hasPrefix("{"), segment.hasSuffix("}") {
        text = segment.dropFirst().dropLast()
        if text.isEmpty { return false }
      }
      return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "-._~".utf8.contains($0) }
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (48...57).contains(self) }
  fileprivate var isLowercaseLetter: Bool { (97...122).contains(self) }
  fileprivate var isLetter: Bool { isLowercaseLetter || (65...90).contains(self) }
  fileprivate var isHexadecimal: Bool {
    isDigit || (97...102).contains(self) || (65...70).contains(self)
  }
}
