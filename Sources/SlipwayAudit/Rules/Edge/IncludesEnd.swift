/// A configuration does not include itself. (S18-NGX)
enum IncludesEnd: AuditRule {
  static let id = "edge/includes-end"
  static let why =
    "nginx reads the files round and round until it has no more to read with, and dies"
  static let fix = "take the line out; a part names no file that leads back to it"
  static let source = ["S18-NGX"]
  static let wrong = [
    Fixture.nginx("http {\n  include nginx.conf;\n}\n", line: 2),
    Fixture.files(
      [
        "nginx/nginx.conf": "http { include conf.d/*.conf; }\n",
        "nginx/conf.d/shop.conf": "server { listen 80; }\ninclude parts/a.conf;\n",
        "nginx/parts/a.conf": "server { listen 81; }\ninclude /etc/nginx/conf.d/shop.conf;\n",
      ], at: "nginx/conf.d/shop.conf:2"),
  ]
  static let right = [
    Fixture.files([
      "nginx/nginx.conf": "http { include conf.d/*.conf; include mime.types; }\n",
      "nginx/conf.d/shop.conf": "server { listen 80; include parts/a.conf; }\n",
      "nginx/parts/a.conf": "gzip on;\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let files = deployment.nginxes.sorted { $0.path < $1.path }
    let paths = files.map(\.path)
    var edges: [String: [(line: Directive, target: String)]] = [:]
    for file in files {
      edges[file.path] = file.includes.flatMap { line in
        targets(of: line.arguments.first ?? "", in: file.path, among: paths).map { (line, $0) }
      }
    }
    var told: Set<String> = []
    return files.compactMap { file -> Flaw? in
      guard !told.contains(file.path) else { return nil }
      for (line, target) in edges[file.path] ?? [] {
        guard let round = way(from: target, to: file.path, edges) else { continue }
        told.formUnion(round)
        let names = round.filter { $0 != file.path }
        let over = names.isEmpty ? "" : " by way of \(names.joined(separator: ", "))"
        return Flaw("the file includes itself\(over)", at: line.spot)
      }
      return nil
    }
  }

  /// The files on the way, the goal last; `nil` if there is none.
  private static func way(
    from start: String, to goal: String, _ edges: [String: [(line: Directive, target: String)]]
  ) -> [String]? {
    var before: [String: String] = [start: ""]
    var waiting = [start]
    while let here = waiting.popLast() {
      if here == goal {
        var way = [here]
        while let previous = before[way[0]], !previous.isEmpty { way.insert(previous, at: 0) }
        return way
      }
      for (_, next) in edges[here] ?? [] where before[next] == nil {
        before[next] = here
        waiting.append(next)
      }
    }
    return nil
  }

  /// The files that an `include` means: its path counts from the folder of the outermost file,
  /// which is this one's or one above it.
  private static func targets(
    of argument: String, in path: String, among paths: [String]
  ) -> [String] {
    guard !argument.isEmpty, !argument.contains("$") else { return [] }
    let inside = argument.hasPrefix("/etc/nginx/") ? String(argument.dropFirst(11)) : argument
    guard !inside.hasPrefix("/") else { return [] }
    let (folder, name) = (Paths.folder(inside), Paths.name(inside))
    for root in Paths.above(path).sorted(by: { $0.count < $1.count }) {
      let place = Paths.join(root, folder)
      let found = paths.filter { candidate in
        let above = Paths.folder(candidate)
        return above == (place.isEmpty ? "" : place + "/")
          && Paths.matches(Paths.name(candidate), pattern: name)
      }
      if !found.isEmpty { return found }
    }
    return []
  }
}
