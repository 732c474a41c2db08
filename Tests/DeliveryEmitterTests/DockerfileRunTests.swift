import SlipwayDocuments
import TestSupport
import Testing

/// The judges of Dockerfiles. No image can be fetched here, and so none is built: what is shell in
/// them is judged, and run where a machine of the same family is at hand.
struct DockerfileRunTests {
  private let emitted: Emitted
  init() throws { emitted = try Emitted.flowrex() }

  private static let profile = "Tests/DeliveryEmitterTests/Profiles/hadolint.yaml"

  @Test func `hadolint has nothing to say of any of them`() async throws {
    #expect(emitted.dockerfiles.count == 3)
    for path in emitted.dockerfiles {
      let output = try await Tool.run(
        "hadolint", ["--config", "\(packageRoot)/\(Self.profile)", "-"],
        input: try emitted.text(path))
      #expect(output.status == 0 && output.stdout.isEmpty, "\(path): \(output)")
    }
  }

  @Test func `hadolint with this profile still objects`() async throws {
    let output = try await Tool.run(
      "hadolint", ["--config", "\(packageRoot)/\(Self.profile)", "-"],
      input: "FROM docker.io/library/debian\nRUN apt-get update && apt-get install curl\n")
    #expect(output.status != 0)
    for rule in ["DL3006", "DL3008", "DL3015", "DL3009"] { #expect(output.stdout.contains(rule)) }
  }

  @Test func `every shell step satisfies the shell's linter`() async throws {
    var count = 0
    for path in emitted.dockerfiles {
      for step in try DockerfileReader.read(try emitted.text(path)).all("RUN") {
        count += 1
        let output = try await Tool.run(
          "shellcheck",
          ["--rcfile=scripts/.shellcheckrc", "-s", "sh", "-o", "all", "-S", "style", "-"],
          input: "set -e\n" + step.wordsText + "\n")
        #expect(output.status == 0, "\(path): \(step.wordsText)\n\(output)")
      }
    }
    #expect(count == 10)
  }

  /// The trap that the documents fell into: the base has a user of that number. (D01)
  @Test(.covers("S18-DFB-06", "S18-DFF-05", "C-31"))
  func `the user's step works where the number is taken, and where it is free`() async throws {
    let step = try #require(
      emitted.dockerfile("flowrex-backend").all("RUN").first { $0.wordsText.contains("useradd") })
    try await withTemporaryFolder { folder in
      try folder.write(step.wordsText + "\n", to: "step.sh")
      try folder.write(Self.rehearsal, to: "rehearse.sh")
      for isTaken in ["yes", "no"] {
        let output = try await Tool.run(
          "busybox",
          ["unshare", "-m", "/bin/sh", folder.path(of: "rehearse.sh"), folder.path, isTaken])
        #expect(output.status == 0, "\(output)")
        #expect(
          output.stdout.hasSuffix(
            "uid=1000(flowrex) gid=1000(flowrex) groups=1000(flowrex)\n"
              + "/app flowrex:flowrex 750\n/var/log/flowrex flowrex:flowrex 750\n"
              + "/app:/usr/sbin/nologin\n"), "\(output)")
      }
    }
  }

  /// Runs the step on a copy of this machine's own system that is gone afterwards. Debian's and
  /// Ubuntu's tools for users are the same.
  private static let rehearsal = """
    set -eu
    mount -t tmpfs tmpfs /mnt
    mkdir /mnt/upper /mnt/work /mnt/root
    mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
    cp "$1/step.sh" /mnt/root/root/step.sh
    cat >/mnt/root/root/all.sh <<'EOF'
    set -eu
    export PATH=/usr/sbin:/usr/bin:/sbin:/bin
    taken=$(id --user --name 1000 2>/dev/null || true)
    if [ -n "${taken}" ]; then userdel "${taken}"; fi >/dev/null
    if [ "$1" = yes ]; then useradd --uid 1000 --create-home ubuntu; fi
    . /root/step.sh >/dev/null
    id flowrex
    stat --format='%n %U:%G %a' /app /var/log/flowrex
    getent passwd flowrex | cut -d: -f6,7
    EOF
    exec chroot /mnt/root /bin/sh /root/all.sh "$2"
    """
}
