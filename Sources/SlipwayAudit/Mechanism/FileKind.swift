import SlipwayDocuments

/// What a file is, by its name and, where the name does not tell, by what stands in it.
package enum FileKind: String, Sendable, CaseIterable {
  case compose, nginx, prometheus, alertRules, ruleTests, alertmanager, dashboard, datasources
  case dashboardProvider, workflow, dockerfile, dockerignore, dotenv, shell, promql, source
  /// A kind that nothing here reads.
  case other

  /// The kind that a name alone tells; `nil` if the text must be asked.
  static func byName(_ path: String) -> FileKind? {
    let name = String(path.split(separator: "/").last ?? "").lowercased()
    if name.hasSuffix(".dockerignore") { return .dockerignore }
    if name.hasPrefix("dockerfile") || name.hasSuffix(".dockerfile") { return .dockerfile }
    if name == ".env" || isVariant(name) || name.hasSuffix(".env") { return .dotenv }
    if name.hasSuffix(".sh") || name.hasSuffix(".bash") { return .shell }
    if name.hasSuffix(".promql") { return .promql }
    let sources = ["py", "js", "ts", "tsx", "jsx", "mjs", "go", "rb", "java", "kt", "rs", "php"]
    if sources.contains(where: { name.hasSuffix("." + $0) }) { return .source }
    if path.contains(".github/workflows/"), name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
      return .workflow
    }
    return nil
  }

  /// `.env.production`, and not `.env.patch` or `.env.md`.
  private static func isVariant(_ name: String) -> Bool {
    let others = [
      ".patch", ".diff", ".md", ".sh", ".j2", ".erb", ".tpl", ".gpg", ".enc", ".license", ".bak",
    ]
    return name.hasPrefix(".env.") && !others.contains { name.hasSuffix($0) }
  }

  /// Whether the name says that the text is YAML, JSON or a server's configuration.
  static func mayBeRead(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    let endings = [".yml", ".yaml", ".json", ".conf", ".template"]
    return endings.contains { name.hasSuffix($0) } || !name.contains(".")
  }

  /// Whether the name alone says that a deployment is configured by this file.
  static func isOfConfigurations(_ path: String) -> Bool {
    if let kind = byName(path) { return kind != .source }
    return path.hasSuffix(".yml") || path.hasSuffix(".yaml")
      || path.hasSuffix(".conf") && path.contains("nginx")
      || path.hasSuffix(".json") && (path.contains("dashboard") || path.contains("grafana"))
  }

  /// The kind that a YAML or JSON document is, by its keys.
  static func byKeys(_ root: LocatedValue, path: String) -> FileKind? {
    let keys = Set(root.map?.map(\.key) ?? [])
    func has(_ wanted: String...) -> Bool { wanted.allSatisfy(keys.contains) }
    if has("services"), root["services"]?.map != nil || root["services"]?.content == .null,
      !has("kind"), !has("stages"), !path.contains(".gitlab-ci")
    {
      let services = root["services"]?.map ?? []
      let looks = services.allSatisfy { $0.value.map != nil || $0.value.content == .null }
      if looks { return .compose }
    }
    if has("scrape_configs") || has("rule_files", "global") || has("global", "alerting") {
      return .prometheus
    }
    if has("groups"), root["groups"]?.list?.first?["rules"] != nil { return .alertRules }
    if has("rule_files", "tests") { return .ruleTests }
    if has("route", "receivers") { return .alertmanager }
    if has("apiVersion", "datasources") { return .datasources }
    if has("apiVersion", "providers") { return .dashboardProvider }
    if has("jobs"), has("on") || has("true") { return .workflow }
    if root["panels"]?.list != nil || root["dashboard"]?["panels"] != nil { return .dashboard }
    return nil
  }

  /// Whether directives of these names are an nginx configuration.
  static func isNginx(_ nodes: [LocatedNginxNode], path: String) -> Bool {
    let names = Set(nodes.map(\.name))
    let marks: Set = ["http", "server", "upstream", "location", "proxy_pass", "events"]
    if !names.isDisjoint(with: marks) { return true }
    // A part that others include: only its name and its words tell.
    let parts: Set = [
      "map", "geo", "stub_status", "listen", "add_header", "allow", "deny", "gzip", "root",
      "limit_req", "limit_req_zone", "set_real_ip_from", "ssl_certificate", "ssl_protocols",
      "proxy_set_header", "client_max_body_size", "resolver", "return", "set", "if", "types",
    ]
    return path.contains("nginx") && !names.isDisjoint(with: parts)
  }
}
