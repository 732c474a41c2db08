import SlipwayDocuments
import Testing

/// A workflow that was read back from its text: by our reader, not from the emitter's values.
struct ReadWorkflow {
  struct Step {
    let job: String
    let value: LocatedValue
    var name: String { value["name"]?.string ?? "" }
    var run: String? { value["run"]?.string }
    var uses: String? { value["uses"]?.string }
    /// The action without its commit.
    var action: String? { uses?.split(separator: "@").first.map(String.init) }
    func input(_ name: String) -> String? { value["with"]?[name]?.scalarText }
  }

  let root: LocatedValue

  init(_ text: String) throws { root = try YAMLReader.read(text).root }

  var jobs: [LocatedMember] { root["jobs"]?.map ?? [] }
  var jobNames: [String] { jobs.map(\.key) }
  func job(_ name: String) -> LocatedValue? { root["jobs"]?[name] }

  var steps: [Step] { jobs.flatMap { steps(of: $0.key) } }
  func steps(of job: String) -> [Step] {
    (self.job(job)?["steps"]?.list ?? []).map { Step(job: job, value: $0) }
  }

  /// The jobs that a job names itself.
  func needs(_ job: String) -> [String] {
    guard let needs = self.job(job)?["needs"] else { return [] }
    return needs.list?.compactMap(\.string) ?? [needs.string].compactMap { $0 }
  }

  /// All jobs that must have succeeded before a job starts, however far away.
  func reached(from job: String) -> Set<String> {
    var reached: Set<String> = []
    var waiting = needs(job)
    while let next = waiting.popLast() {
      if reached.insert(next).inserted { waiting += needs(next) }
    }
    return reached
  }

  /// Every text of the document, keys included.
  var texts: [String] { Self.texts(of: root) }

  static func texts(of value: LocatedValue) -> [String] {
    switch value.content {
    case .string(let text): [text]
    case .list(let elements): elements.flatMap(texts)
    case .map(let members): members.flatMap { [$0.key] + texts(of: $0.value) }
    default: []
    }
  }
}
