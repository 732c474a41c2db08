import SlipwayDocuments

/// A workflow of GitHub.
struct WorkflowFile: Sendable {
  let path: String
  let spot: Spot
  /// Where `on` stands.
  let onSpot: Spot?
  let triggers: [Text]
  /// The branches of `push`; empty if it has none.
  let branches: [String]
  let permissions: Spot?
  let concurrency: Spot?
  let jobs: [Job]
  let shell: String?

  struct Job: Sendable {
    let id: Text
    let needs: [Text]
    let steps: [Step]
    let environment: Text?
    let condition: String?
    let hasTimeout: Bool
    let hasPermissions: Bool
    let hasConcurrency: Bool
    let services: [JobService]
    let runner: String
    /// Whether the job is another workflow that is called.
    let isCall: Bool
    let environmentKeys: Set<String>
    /// Where it says that its failure counts for nothing.
    let shrugs: Spot?
  }

  struct JobService: Sendable {
    let name: Text
    let image: Text
  }

  struct Step: Sendable {
    let name: String
    let spot: Spot
    let uses: Text?
    let inputs: [(name: String, value: Text)]
    let run: Script?
    let runText: Text?
    let condition: String?
    let folder: String?
    let environmentKeys: Set<String>
    /// Names of secrets it reads, with their places.
    let secrets: [Text]
    /// Where it says that its failure counts for nothing.
    let shrugs: Spot?

    func input(_ name: String) -> Text? { inputs.first { $0.name == name }?.value }
  }

  init(_ path: String, _ root: LocatedValue, _ notes: inout [Note]) {
    self.path = path
    let on = root.member("on") ?? root.member("true")
    spot = Spot(path, root.map?.first?.keyStart ?? root.start)
    onSpot = on.map { Spot(path, $0.keyStart) }
    let value = on?.value
    if let name = value?.string {
      triggers = [Text(name, Spot(path, on?.keyStart ?? root.start))]
    } else if let list = value?.list {
      triggers = list.map { Text($0.scalarText ?? "", Spot(path, $0.start)) }
    } else {
      triggers = (value?.map ?? []).map { Text($0.key, Spot(path, $0.keyStart)) }
    }
    branches = (value?["push"]?["branches"]?.list ?? []).compactMap(\.scalarText)
    func place(_ key: String) -> Spot? { root.member(key).map { Spot(path, $0.keyStart) } }
    permissions = place("permissions")
    concurrency = place("concurrency")
    shell = root["defaults"]?["run"]?["shell"]?.string
    let outer = Set((root["env"]?.map ?? []).map(\.key))
    jobs = (root["jobs"]?.map ?? []).map { Job($0, path, outer) }
    if root["jobs"]?.map == nil { notes.append(Note("a workflow without jobs", spot)) }
  }
}

extension WorkflowFile.Job {
  fileprivate init(_ member: LocatedMember, _ path: String, _ outer: Set<String>) {
    let value = member.value
    id = Text(member.key, Spot(path, member.keyStart))
    let needed = value.member("needs")
    if let one = needed?.value.string {
      needs = [Text(one, Spot(path, needed?.keyStart ?? member.keyStart))]
    } else {
      needs = (needed?.value.list ?? []).map {
        Text($0.scalarText ?? "", Spot(path, $0.start))
      }
    }
    let folder = value["defaults"]?["run"]?["working-directory"]?.string
    steps = (value["steps"]?.list ?? []).map { WorkflowFile.Step($0, path, folder) }
    environment = value.member("environment").map {
      Text(
        $0.value.scalarText ?? $0.value["name"]?.scalarText ?? "", Spot(path, $0.keyStart))
    }
    condition = value["if"]?.scalarText
    hasTimeout = value["timeout-minutes"] != nil
    hasPermissions = value["permissions"] != nil
    hasConcurrency = value["concurrency"] != nil
    runner = value["runs-on"]?.scalarText ?? ""
    isCall = value["uses"] != nil
    services = (value["services"]?.map ?? []).compactMap { service in
      service.value.member("image").map {
        WorkflowFile.JobService(
          name: Text(service.key, Spot(path, service.keyStart)),
          image: Text($0.value.scalarText ?? "", Spot(path, $0.keyStart)))
      }
    }
    environmentKeys = outer.union((value["env"]?.map ?? []).map(\.key))
    shrugs = value.shrug(path)
  }
}

extension WorkflowFile.Step {
  fileprivate init(_ value: LocatedValue, _ path: String, _ folder: String?) {
    name = value["name"]?.scalarText ?? ""
    spot = Spot(path, value.start)
    uses = value.member("uses").map {
      Text($0.value.scalarText ?? "", Spot(path, $0.keyStart))
    }
    inputs = (value["with"]?.map ?? []).map {
      ($0.key, Text($0.value.scalarText ?? "", Spot(path, $0.keyStart)))
    }
    let entry = value.member("run")
    if let text = entry?.value.scalarText, let body = entry?.value {
      run = Script(part: text, at: body.textSpot(path, text))
      runText = Text(text, Spot(path, entry?.keyStart ?? value.start))
    } else {
      run = nil
      runText = nil
    }
    condition = value["if"]?.scalarText
    self.folder = value["working-directory"]?.string ?? folder
    environmentKeys = Set((value["env"]?.map ?? []).map(\.key))
    var found: [Text] = []
    Self.secrets(value, path, &found)
    secrets = found
    shrugs = value.shrug(path)
  }

  private static func secrets(_ value: LocatedValue, _ path: String, _ found: inout [Text]) {
    switch value.content {
    case .string(let text):
      for match in text.matches(of: /secrets\.([A-Za-z_][A-Za-z0-9_]*)/) {
        found.append(Text(String(match.1), Spot(path, value.start)))
      }
    case .list(let elements): for element in elements { secrets(element, path, &found) }
    case .map(let members): for member in members { secrets(member.value, path, &found) }
    default: break
    }
  }
}

extension LocatedValue {
  /// Where `continue-on-error` stands, unless it is plainly off.
  fileprivate func shrug(_ path: String) -> Spot? {
    member("continue-on-error").flatMap {
      $0.value.bool == false ? nil : Spot(path, $0.keyStart)
    }
  }
}

extension WorkflowFile {
  /// The names of all jobs that this one waits for, near and far.
  func reached(from job: Job) -> [String] {
    var found: [String] = []
    var open = job.needs.map(\.value)
    while let next = open.popLast() {
      guard !found.contains(next) else { continue }
      found.append(next)
      open += jobs.first { $0.id.value == next }?.needs.map(\.value) ?? []
    }
    return found.sorted()
  }
}

extension WorkflowFile.Job {
  private var words: String { (["\(id.value)"] + steps.map(\.name)).joined(separator: " ") }
  /// Whether the job changes what runs somewhere.
  var isDeploy: Bool {
    id.value.mentions("deploy", "release-to", "rollout")
      && !id.value.mentions("docs", "pages", "preview", "test")
      || environment.map { $0.value.mentions("prod", "stag") } ?? false
  }
  var isTest: Bool {
    id.value.mentions("test")
      || steps.contains {
        $0.runText?.value.mentions("pytest", "npm test", "make test", "go test", "swift test")
          ?? false
      }
  }
  var isBuild: Bool { id.value.mentions("build", "image", "publish") }
}
