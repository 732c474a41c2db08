import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The Dockerfile of an executable written in Swift: a stage that builds it, and one that runs it.
///
/// The runtime is linked dynamically and comes from the slim image of the very version that built:
/// both stand on one distribution, images of one repository share that layer, and a crash prints a
/// symbolic trace. A static runtime would need another base of the same distribution. (C-31)
struct SwiftDockerfile {
  /// What the executable is made of, and where SwiftPM looks for the manifest's other targets.
  static func context(_ contents: SwiftImage) -> [String] { contents.code + ["Tests", "Plugins"] }
  /// Not root, and not a number that the host gives to people.
  static let user = 1000

  private let image: FirstPartyImage
  private let contents: SwiftImage
  private let project: Project
  private let bases: BaseImages
  private let labels: ImageLabels

  init(
    _ image: FirstPartyImage, _ contents: SwiftImage, of project: Project, _ bases: BaseImages,
    _ labels: ImageLabels
  ) {
    self.image = image
    self.contents = contents
    self.project = project
    self.bases = bases
    self.labels = labels
  }

  var instructions: [DockerfileInstruction] { build + run }

  // MARK: The stage that builds

  private var build: [DockerfileInstruction] {
    var all = bases.from(.swift, as: "build")
    all += SystemPackages.install(contents.buildNeeds, from: image.origins)
    all += [
      .shell("WORKDIR", ["/source"]),
      .comment(
        "Dependencies change seldom: their layer is reused as long as the record is the same."),
      .words("COPY", "Package.swift", "./"),
      .words("COPY", contents.pins.file, "./", from: image.origins),
      .comment("What is recorded, or nothing."),
      .shell("RUN", resolve, from: image.origins),
      .words("COPY", ".", "."),
      .shell(
        "RUN",
        [
          "swift build --configuration release --product \(contents.product)"
            + " --force-resolved-versions",
          "&& products=\"$(swift build --configuration release --show-bin-path)\"",
          "&& install -D --mode=0555 \"${products}/\(contents.product)\""
            + " /product/\(contents.product)",
          "&& find \"${products}\" -maxdepth 1 -name '*.resources'"
            + " -exec cp --recursive '{}' /product/ ';'",
        ], from: image.origins),
    ]
    return all
  }

  /// What a manifest leaves open is resolved to the newest version there is; what is recorded
  /// otherwise is asked for by its version. What has a commit and no version is in no list.
  private var resolve: [String] {
    switch contents.pins {
    case .resolved: return ["swift package resolve --force-resolved-versions"]
    case .versions(let file):
      let record = file.split(separator: "/").last ?? ""
      return [
        "swift package resolve",
        "&& resolved() {",
        #"sed -n -e '/"identity" :/{s/.*: "\(.*\)".*/\1/;h}'"#,
        #"-e '/"version" : "/{s/.*: "\(.*\)".*/\1/;H;x;s/\n/ /p}' Package.resolved"#,
        "> /tmp/resolved; }",
        "&& resolved && while read -r name version; do",
        #"grep -Fqx "${name} ${version}" /tmp/resolved"#,
        #"|| swift package resolve "${name}" --version "${version}" || exit 1;"#,
        "done < \(record)",
        "&& resolved && diff \(record) /tmp/resolved",
      ]
    }
  }

  // MARK: The stage that runs

  private var run: [DockerfileInstruction] {
    var all = bases.from(.swiftSlim, as: nil)
    all += SystemPackages.install(contents.runtimeNeeds, from: image.origins)
    all += account
    all += [
      .comment("A crash is traced to the log, without registers: they may hold secrets."),
      .pairs(
        "ENV",
        [
          "PATH": "/app:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "SWIFT_BACKTRACE":
            "enable=yes,color=no,interactive=no,registers=none,sanitize=yes,output-to=stderr",
        ]),
      .comment("Root owns what is run, so that a break-in cannot change it."),
      .words(
        "COPY", "/product/", "/app/",
        flags: [DockerfileFlag("from", "build"), DockerfileFlag("chown", "root:root")]),
      .shell("WORKDIR", ["/app"]),
      .shell("USER", ["\(Self.user):\(Self.user)"]),
    ]
    return all + interface + labels.instructions(title: image.name, from: image.origins)
      + labels.stamps(from: image.origins)
  }

  /// The distribution's image comes with a user of this number, and so the seed's own way of
  /// adding one fails. (D01, S18-DFB-06)
  private var account: [DockerfileInstruction] {
    let (id, name) = (Self.user, project.contract.name)
    return [
      .comment("The distribution has a user of this number (`ubuntu`): it makes way."),
      .shell(
        "RUN",
        [
          "if getent passwd \(id); then userdel --remove \"$(id --user --name \(id))\"; fi",
          "&& groupadd --gid \(id) \(name)",
          "&& useradd --uid \(id) --gid \(id) --home-dir /app --no-create-home"
            + " --shell /usr/sbin/nologin \(name)",
          "&& install --directory --owner=\(name) --group=\(name) --mode=0750 /app"
            + " /var/log/\(name)",
        ], from: [project.origin]),
    ]
  }

  /// What the image tells those who run it: ports, health, and the words that start it.
  private var interface: [DockerfileInstruction] {
    var all: [DockerfileInstruction] = []
    var ports: [Int] = []
    for port in contents.components.flatMap(\.ports) where !ports.contains(port.number) {
      ports.append(port.number)
    }
    if !ports.isEmpty {
      all.append(
        .instruction(
          "EXPOSE", .words(ports.sorted().map(String.init)),
          from: contents.components.map { $0.origin.at("ports") }))
    }
    if let component = contents.components.first {
      all.append(Self.health(component.health, from: [component.origin.at("health")]))
    }
    all.append(.exec("ENTRYPOINT", ["/app/\(contents.product)"], from: image.origins))
    if let component = contents.components.first, !component.arguments.isEmpty {
      all.append(.exec("CMD", component.arguments, from: [component.origin.at("runs")]))
    }
    return all
  }

  /// The check that an engine makes if nobody tells it another.
  static func health(_ check: HealthCheck, from origins: [Origin]) -> DockerfileInstruction {
    .instruction(
      "HEALTHCHECK",
      flags: [
        DockerfileFlag("interval", time(check.every)),
        DockerfileFlag("timeout", time(check.within)),
        DockerfileFlag("start-period", time(check.startingWithin)),
        DockerfileFlag("retries", String(check.retries)),
      ],
      .nested(.exec("CMD", check.command)), from: origins)
  }

  private static func time(_ duration: Duration) -> String {
    let milliseconds = duration.wholeMilliseconds
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
