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
    if name == ".env" || name.hasPrefix(".env.") || name.hasSuffix(".env") { return .dotenv }
    if name.hasSuffix(".sh") || name.hasSuffix(".bash") { return .shell }
    if name.hasSuffix(".promql") { return .promql }
    let sources = ["py", "js", "ts", "tsx", "jsx", "mjs", "go", "rb", "java", "kt", "rs", "php"]
    if sources.contains(where: { name.hasSuffix("." + $0) }) { return .source }
    if path.contains(".github/workflows/"), name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
      return .workflow
    }
    return nil
  }

  /// Whether the name says that the text is YAML, JSON or a server's configuration.
  static func mayBeRead(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    let endings = [".yml", ".yaml", ".json", ".conf", ".template"]
    return endings.contains { name.hasSuffix($0) } || !name.contains(".")
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
    let marks: Set = ["http", "server", "upstream", "location", "proxy_pass", "events", "map"]
    return !names.isDisjoint(with: marks)
      || (path.contains("nginx") && names.contains { $0.hasPrefix("proxy_") })
  }
}
