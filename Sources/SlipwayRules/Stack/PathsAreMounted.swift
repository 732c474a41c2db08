import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every file that a service is told to read, and every folder in which it is told to keep
/// something, lies in what is mounted into it: options of its command, certificates of the edge,
/// and the folder that backups copy. Looks at the bytes. (C-24, S18-DC-22, S18-HS-04)
package enum PathsAreMounted: Rule {
  package static let id = "stack/paths-are-mounted"
  package static let why =
    "a program whose file is not there does not start; one whose folder is no volume loses its data"
  package static let fix = "this is a defect of the generator: please report the service"
  package static let source = ["C-24", "S18-DC-22", "S18-HS-04", "C-18"]

  package static let breakers: [Breaker] = [
    .file(
      "data that lies in no volume", "docker-compose.yml",
      replacing: "    - --storage.tsdb.path=/prometheus\n",
      with: "    - --storage.tsdb.path=/prometeus\n"),
    .file(
      "a configuration that nobody mounts", "docker-compose.yml",
      replacing: "/etc/slipway/redis-state/redis.conf\n",
      with: "/etc/slipway/redis-states/redis.conf\n"),
    .file(
      "a certificate that is elsewhere", "nginx/nginx.conf", replacing: "ssl_certificate /",
      with: "ssl_certificate /elsewhere/"),
    .file(
      "a backup of another folder", "postgres/pgbackrest.conf", replacing: "pg1-path=/",
      with: "pg1-path=/elsewhere/"),
    .file(
      "a database beside its volume", "docker-compose.yml", replacing: "      PGDATA: /",
      with: "      PGDATA: /elsewhere/"),
  ]

  package static let implies = [
    "stack/services-are-written", "stack/settings-are-written",
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let stack = subject.stack else { return [] }
    return (stack.tree["services"]?.map ?? []).flatMap { service -> [Violation] in
      let mounts = mounts(of: service.value)
      return words(of: service.value).flatMap { word -> [Violation] in
        paths(in: word.scalarText ?? "").filter { !isMounted($0, mounts) }.map {
          Violation(
            .unmounted(service.key, $0),
            lands: stack.landing("services.\(service.key)", line: word.start.line))
        }
      }
        + told(service.key, by: subject).filter { !isMounted($0.path, mounts) }.map {
          Violation(.unmounted(service.key, $0.path), lands: $0.lands)
        }
    } + copied(stack, subject)
  }

  /// The folders of the image that every container has, and devices.
  private static let ofImage = ["/bin/", "/usr/", "/dev/"]

  private static func isMounted(_ path: String, _ mounts: [String]) -> Bool {
    ofImage.contains(where: path.hasPrefix)
      || mounts.contains { path == $0 || path.hasPrefix($0 + "/") }
  }

  private static func mounts(of service: LocatedValue) -> [String] {
    ["volumes", "configs", "secrets"].flatMap { service[$0]?.list ?? [] }.compactMap {
      $0["target"]?.scalarText
    }
  }

  /// What it is started with, and where PostgreSQL keeps its data.
  private static func words(of service: LocatedValue) -> [LocatedValue] {
    ["entrypoint", "command"].flatMap { service[$0]?.list ?? [] }
      + (service["environment"]?["PGDATA"].map { [$0] } ?? [])
  }

  /// `/path`, or the value of `--option=/path`. `/` alone is an address.
  private static func paths(in word: String) -> [String] {
    let value: Substring
    if word.hasPrefix("/") {
      value = word[...]
    } else if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      value = word[word.index(after: equals)...]
    } else {
      return []
    }
    return value.hasPrefix("/") && value.utf8.count > 1 ? [String(value)] : []
  }

  private typealias Told = (path: String, lands: Landing)

  /// What the edge reads, by its own configuration.
  private static func told(_ service: String, by subject: Subject) -> [Told] {
    guard
      subject.environment.service(service)?.configs.contains(where: { $0.folder == "nginx" })
        == true
    else { return [] }
    return values(
      of: ["ssl_certificate", "ssl_certificate_key"], in: "nginx/nginx.conf", " ", subject)
  }

  /// The folder that backups copy is the one in which PostgreSQL keeps its data.
  private static func copied(
    _ stack: ReadFile<LocatedValue>, _ subject: Subject
  ) -> [Violation] {
    let kept = Set(
      (stack.tree["services"]?.map ?? []).compactMap {
        $0.value["environment"]?["PGDATA"]?.scalarText
      })
    guard !kept.isEmpty else { return [] }
    return values(of: ["pg1-path"], in: "postgres/pgbackrest.conf", "=", subject)
      .filter { !kept.contains($0.path) }.map { Violation(.uncopied($0.path), lands: $0.lands) }
  }

  /// The values of these words in a file of lines `word value`.
  private static func values(
    of names: [String], in path: String, _ separator: Character, _ subject: Subject
  ) -> [Told] {
    guard let file = subject.file(path) else { return [] }
    return names.flatMap { name in
      ByteSearch(bytes: Array("\(name)\(separator)/".utf8)).lines(of: file.text).compactMap {
        line -> Told? in
        let text = line.text.drop { $0 == " " }
        guard text.hasPrefix("\(name)\(separator)") else { return nil }
        let value = text.dropFirst(name.count + 1).prefix { $0 != ";" && $0 != " " }
        return (
          String(value), Landing(path: file.path, text: String(text), line: line.number)
        )
      }
    }
  }
}

extension String {
  fileprivate static func unmounted(_ service: String, _ path: String) -> String {
    "'\(service)' would look for '\(path)', where nothing is mounted"
  }
  fileprivate static func uncopied(_ path: String) -> String {
    "backups would copy '\(path)', which is not where PostgreSQL keeps its data"
  }
}
