import Foundation

/// What the type checker takes, against the modules of the release build.
struct Compiling {
  let places: Places

  func rows() throws -> [Row] {
    let files = try places.specificationFiles()
    let environments = try (0..<3).map { _ in
      try check(files, in: places.root + "/environments", module: "Environments")
    }
    let alerts = try withFolder { folder in
      try Self.alerts(500).write(
        toFile: folder + "/Alerts.swift", atomically: true, encoding: .utf8)
      return try check(["Alerts.swift"], in: folder, module: "Alerts")
    }
    let how = "swiftc -frontend -typecheck, CPU seconds"
    return [
      Row(
        "type checking of environments/", environments.map(\.cpu).median, atMost: 1, .seconds,
        how: "\(how), median of 3; \(files.count) files"),
      Row(
        "type checking of 500 alerts", alerts.cpu, atMost: 3, .seconds,
        how: "\(how); one static let each, with its cases"),
      Row("500 alerts: peak memory", alerts.peak, atMost: 300, .mebibytes, how: "the compiler's"),
      try misspelled(files),
    ]
  }

  private func check(_ files: [String], in folder: String, module: String) throws -> Usage {
    let usage = try run(files, in: folder, module: module)
    guard usage.status == 0 else { throw MeasuringError(description: usage.text) }
    return usage
  }

  private func run(_ files: [String], in folder: String, module: String) throws -> Usage {
    try ChildProcess.run(
      [
        "swiftc", "-frontend", "-typecheck", "-parse-as-library", "-swift-version", "6",
        "-enable-upcoming-feature", "ExistentialAny", "-enable-upcoming-feature",
        "InternalImportsByDefault", "-enable-upcoming-feature", "MemberImportVisibility",
        "-module-name", module, "-I", places.modules,
      ] + files, in: folder)
  }

  /// A name that nothing has, in the file in which alerts are written most.
  private func misspelled(_ files: [String]) throws -> Row {
    let name = "httpRequestDuration.observes"
    return try withFolder { folder in
      let copy = folder + "/environments"
      try FileManager.default.copyItem(atPath: places.root + "/environments", toPath: copy)
      let path = copy + "/Platform/Alerts/RequestAlerts.swift"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      guard let range = text.range(of: name) else {
        throw MeasuringError(description: "there is no '\(name)' to misspell in \(path)")
      }
      let wrong = text.replacingCharacters(in: range, with: "httpRequestDuraton.observes")
      try wrong.write(toFile: path, atomically: true, encoding: .utf8)
      let usage = try run(files, in: copy, module: "Environments")
      guard usage.status != 0, usage.text.contains("httpRequestDuraton") else {
        throw MeasuringError(description: "the misspelled name was not noticed:\n\(usage.text)")
      }
      return Row(
        "a misspelled name fails", usage.cpu, atMost: 2, .seconds,
        how: "the metric of one alert in environments/, CPU seconds until the compiler says so")
    }
  }

  /// Alerts of the kinds that `environments/` has, in turn.
  private static func alerts(_ count: Int) -> String {
    let kinds = [
      """
      when: Flowrex.httpRequests.share(where: \\.status, is: .serverError).over(.minutes(5))
            > .percent(1),
          for: .minutes(5), summary: "too many requests fail", runbook: .example,
          firesOn: .when(
            Flowrex.httpRequests.where(\\.status, is: .serverError).grows(by: 10),
            Flowrex.httpRequests.where(\\.status, is: .success).grows(by: 90)),
          quietOn: .when(Flowrex.httpRequests.where(\\.status, is: .success).grows(by: 100)))
      """,
      """
      when: Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5))
            > .milliseconds(100),
          for: .minutes(5), summary: "requests are slow", runbook: .example,
          firesOn: Flowrex.httpRequestDuration.observes(.seconds(1)),
          quietOn: Flowrex.httpRequestDuration.observes(.milliseconds(50)))
      """,
      """
      when: Flowrex.webSocketConnections.now > 90,
          for: .minutes(5), summary: "a replica is almost full", runbook: .example,
          firesOn: .when(Flowrex.webSocketConnections.stays(at: 95)),
          quietOn: .when(Flowrex.webSocketConnections.stays(at: 50)))
      """,
    ]
    let declarations = (0..<count).map { number in
      """
        static let alert\(number) = Alert(
          "Alert\(number)", severity: .warning,
          \(kinds[number % kinds.count])
      """
    }
    return """
      import FlowrexContract
      import Slipway

      extension Runbook {
        static let example = Runbook("example", meaning: "Trouble.", firstSteps: ["Look."])
      }

      extension Alert {
      \(declarations.joined(separator: "\n\n"))
      }

      """
  }
}

/// What the generator is built from, and how long a first build takes.
struct Building {
  let places: Places
  /// Parts of names that no dependency of the generator may have.
  private static let unwanted = ["nio", "crypto", "async-http", "grpc", "ssl", "swift-syntax"]

  private struct Dependency: Decodable {
    let identity: String
    let dependencies: [Dependency]
    var all: [String] { [identity] + dependencies.flatMap(\.all) }
  }

  func rows(clean: Bool) throws -> [Row] {
    let output = try ChildProcess.succeed(
      ["swift", "package", "show-dependencies", "--format", "json"], in: places.root
    ).text
    // Notices may stand above the object.
    let json = output.drop { $0 != "{" }
    let graph = try JSONDecoder().decode(Dependency.self, from: Data(json.utf8))
    let names = Set(graph.dependencies.flatMap(\.all)).sorted()
    let servers = names.filter { name in
      name == "hummingbird" || Self.unwanted.contains { name.contains($0) }
    }
    let row = Row(
      "dependencies of the package", value: String(names.count), holds: servers.isEmpty,
      how: "swift package show-dependencies: \(names.joined(separator: ", ")); no NIO, no server")
    return clean ? [row, try firstBuild()] : [row]
  }

  private func firstBuild() throws -> Row {
    try withFolder { folder in
      _ = try ChildProcess.succeed(
        ["git", "clone", "--quiet", "--no-hardlinks", places.root, folder + "/clone"], in: folder)
      let usage = try ChildProcess.succeed(
        ["swift", "build", "--product", "slipway"], in: folder + "/clone")
      let cores = ProcessInfo.processInfo.activeProcessorCount
      return Row(
        "first build of a clean clone", usage.wall, atMost: 60, .seconds,
        how: "swift build --product slipway of the last commit, debug, \(cores) cores, with its "
          + "downloads; CPU \(Unit.seconds.text(usage.cpu))")
    }
  }
}
