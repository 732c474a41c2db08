/// Every public name that scripts and pages use is served by the proxy. (C-70)
enum PublicHostsAreServed: AuditRule {
  static let id = "edge/public-hosts-are-served"
  static let why = "a name without a server is answered by whichever server comes first"
  static let fix = "add the name to a 'server_name', and to the certificate"
  static let source = ["C-70", "S18-NGX"]
  static let wrong = [
    Fixture.files(
      [
        "nginx/nginx.conf": """
        http { server {
          listen 443 ssl;
          server_name shop.example;
        } }
        """,
        "deploy.sh": "#!/bin/sh\nset -eu\ncurl -f https://api.shop.example/health\n",
      ], at: "nginx/nginx.conf:3")
  ]
  static let right = [
    Fixture.files([
      "nginx/nginx.conf": "http { server { listen 443 ssl; server_name *.shop.example; } }",
      "deploy.sh":
        "#!/bin/sh\nset -eu\ncurl -f https://api.shop.example/health https://other.example/\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let names = deployment.nginxes.flatMap(\.servers).filter(\.isEncrypted).flatMap(\.names)
    let own = names.map(\.value).filter { $0.contains(".") && !$0.hasPrefix("~") }
    guard !own.isEmpty else { return [] }
    var found: [String: Spot] = [:]
    for (host, spot) in hosts(deployment) where found[host] == nil { found[host] = spot }
    return found.sorted { $0.key < $1.key }.compactMap { host, spot in
      guard !serves(own, host),
        let near = names.first(where: { host.hasSuffix("." + bare($0.value)) })
      else { return nil }
      return Flaw(
        "'\(host)' (\(spot.path):\(spot.line)) is served by no server", at: near.spot)
    }
  }

  private static func bare(_ name: String) -> String {
    name.hasPrefix("*.") ? String(name.dropFirst(2)) : name
  }

  private static func serves(_ names: [String], _ host: String) -> Bool {
    names.contains { name in
      if name == host { return true }
      if name.hasPrefix("*.") { return host.hasSuffix(name.dropFirst()) }
      if name.hasPrefix(".") { return host.hasSuffix(name) || host == name.dropFirst() }
      return false
    }
  }

  private static func hosts(_ deployment: Deployment) -> [(String, Spot)] {
    var found: [(String, Spot)] = []
    func add(_ text: String, _ spot: Spot) {
      // Most words hold no address, and a pattern is dear.
      guard text.contains("s://") else { return }
      for match in text.matches(of: /(?:https|wss):\/\/([A-Za-z0-9.-]+\.[A-Za-z]{2,})/) {
        found.append((String(match.1), spot))
      }
    }
    for (script, _, _) in deployment.shells {
      for command in script.commands {
        for word in command.words { add(word.text, word.spot) }
        for assignment in command.assignments { add(assignment.value, assignment.spot) }
      }
    }
    for service in deployment.services {
      for entry in service.environment { add(entry.value ?? "", entry.spot) }
    }
    return found
  }
}
