import SlipwayDocuments
import SlipwayPrograms

/// Docker Swarm, through its own client. Values go through the client's standard input; arguments
/// and variables hold names only.
package struct DockerSecrets: SecretEngine {
  private let stack: String
  private let program: String
  private let timeout: Duration

  package init(stack: String, program: String = "docker", timeout: Duration = .seconds(60)) {
    self.stack = stack
    self.program = program
    self.timeout = timeout
  }

  package func secrets() async throws(EngineRefusal) -> [EngineSecret] {
    let ids = try await lines(["secret", "ls", "--quiet"])
    guard !ids.isEmpty else { return [] }
    return try read(await run(["secret", "inspect"] + ids)) { secret throws(ReadingFailure) in
      let spec = try secret.object("Spec")
      var labels: [String: String] = [:]
      if let found = try spec.optionalObject("Labels") {
        for member in found.members { labels[member.key] = member.value.string ?? "" }
      }
      return EngineSecret(
        name: try spec.text("Name"), labels: labels,
        created: PointInTime(try secret.text("CreatedAt")))
    }
  }

  package func create(
    _ name: String, _ bytes: [UInt8], labels: [String: String]
  ) async throws(EngineRefusal) {
    let words = labels.sorted { $0.key < $1.key }.flatMap { ["--label", "\($0.key)=\($0.value)"] }
    _ = try await run(["secret", "create"] + words + [name, "-"], input: bytes)
  }

  package func remove(_ name: String) async throws(EngineRefusal) {
    _ = try await run(["secret", "rm", name])
  }

  package func services(of stack: String) async throws(EngineRefusal) -> [EngineReader] {
    let label = "label=com.docker.stack.namespace=\(stack)"
    let counts = try await lines([
      "service", "ls", "--filter", label, "--format", "{{.Name}} {{.Replicas}}",
    ])
    guard !counts.isEmpty else { return [] }
    var settled: Set<String> = []
    var names: [String] = []
    for line in counts {
      let words = line.split(separator: " ")
      guard words.count >= 2 else { continue }
      names.append(String(words[0]))
      let parts = words[1].split(separator: "/")
      if parts.count == 2, parts[0] == parts[1], parts[1] != "0" {
        settled.insert(String(words[0]))
      }
    }
    return try read(await run(["service", "inspect"] + names)) { service throws(ReadingFailure) in
      try reader(service, settled: settled)
    }
  }

  private func reader(
    _ service: JSONFields, settled: Set<String>
  ) throws(ReadingFailure) -> EngineReader {
    let spec = try service.object("Spec")
    let name = try spec.text("Name")
    let container = try spec.object("TaskTemplate").object("ContainerSpec")
    var mounts: [EngineReader.Mount] = []
    for secret in container.has("Secrets") ? try container.objects("Secrets") : [] {
      let file = try secret.object("File")
      mounts.append(
        EngineReader.Mount(
          secret: try secret.text("SecretName"), target: try file.text("Name"),
          uid: try file.text("UID"), gid: try file.text("GID"), mode: try file.integer("Mode")))
    }
    let update = try service.optionalObject("UpdateStatus")?.optionalText("State") ?? "none"
    let state: EngineReader.State =
      update == "paused" || update.hasPrefix("rollback")
      ? .tookBack(update)
      : update == "updating" || !settled.contains(name) ? .rolling : .settled
    return EngineReader(
      name: String(name.dropFirst(stack.count + 1)), mounts: mounts, state: state)
  }

  package func replace(
    in service: String, _ swaps: [SecretSwap]
  ) async throws(EngineRefusal) {
    var words: [String] = []
    for swap in swaps {
      let mode = String(swap.mount.mode & 0o7777, radix: 8)
      words += ["--secret-rm", swap.mount.secret, "--secret-add"]
      words.append(
        "source=\(swap.new),target=\(swap.mount.target),uid=\(swap.mount.uid),"
          + "gid=\(swap.mount.gid),mode=0\(mode)")
    }
    _ = try await run(
      ["service", "update", "--detach", "--quiet"] + words + ["\(stack)_\(service)"])
  }

  // MARK: The client

  private func lines(_ arguments: [String]) async throws(EngineRefusal) -> [String] {
    String(decoding: try await run(arguments), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }

  private func read<Value>(
    _ bytes: [UInt8], _ body: (JSONFields) throws(ReadingFailure) -> Value
  ) throws(EngineRefusal) -> [Value] {
    do throws(ReadingFailure) {
      // One object, for the reader wants a name to begin with.
      let whole = Array("{\"all\": ".utf8) + bytes + Array("}".utf8)
      var values: [Value] = []
      for object in try JSONFields(whole).objects("all") { values.append(try body(object)) }
      return values
    } catch {
      throw EngineRefusal("its answer is not understood: \(error.clause)")
    }
  }

  private func run(
    _ arguments: [String], input: [UInt8] = []
  ) async throws(EngineRefusal) -> [UInt8] {
    let run = ProgramRun(
      name: program, arguments: arguments, surroundings: .ours(adding: ["LC_ALL": "C"]),
      timeout: timeout,
      limit: 64 << 20, input: input)
    do throws(ProgramRun.Failure) {
      let output = try await run.output()
      guard output.status == 0 else {
        let said = String(decoding: output.stderr, as: UTF8.self)
          .split(separator: "\n").prefix(2).joined(separator: "; ")
        throw .notStarted(reason: said.isEmpty ? "it ended with \(output.status)" : said)
      }
      return output.stdout
    } catch {
      switch error {
      case .notStarted(let reason): throw EngineRefusal(reason)
      case .timedOut: throw EngineRefusal("no answer in \(timeout.spoken)")
      case .tooMuch: throw EngineRefusal("its answer is too large")
      }
    }
  }
}
