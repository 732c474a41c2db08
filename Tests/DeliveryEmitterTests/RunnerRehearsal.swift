import Foundation
import SlipwayDocuments
import SlipwayModel
import TestSupport
import Testing

/// A push, run by a real runner on this machine, in a network of its own.
///
/// The workflow is the generated one but for its containers, which nothing here could pull. Actions
/// and programs that reach other machines are stand-ins that write down what they are asked; the
/// shell, `jq`, `tar`, `git` and the receiving script on the cluster's side are real.
struct RunnerRehearsal {
  let folder: TemporaryFolder
  private let repository: String
  private let state: String

  /// Results of jobs, by their names.
  struct Result {
    let output: Tool.Output
    let succeeded: Set<String>
    let failed: Set<String>
    /// What the stand-ins were asked, in its order.
    let calls: [String]
    /// What receivers were sent.
    let told: String
  }

  init(_ emitted: Emitted, in folder: TemporaryFolder) throws {
    self.folder = folder
    repository = folder.path(of: "repository")
    state = folder.path(of: "state")
    for (path, text) in emitted.texts {
      // Root's list of signers stands in the rehearsal's own folder.
      let own = text.replacing(/\/etc\/slipway\/delivery-signers-[a-z]+/, with: "\(state)/signers")
      let isReceiver = path.contains("/receive-")
      try folder.write(
        isReceiver ? own : text, to: "repository/\(path)", executable: isReceiver)
    }
    let artefact = try #require(emitted.artefacts.first { $0.path == Emitted.deploy })
    guard case .yaml(let tree) = artefact.document else { return }
    try folder.write(
      try Document.yaml(Self.withoutContainers(tree)).print(),
      to: "repository/\(Emitted.deploy)")
    try folder.write("", to: "state/calls")
    try folder.write("", to: "state/told")
    try writeStandIns(for: try emitted.workflow(Emitted.deploy))
  }

  /// The tree without what only a container engine could run.
  private static func withoutContainers(_ root: YAMLNode) -> YAMLNode {
    edit(root, at: "jobs") { jobs in
      guard case .map(let entries) = jobs.content else { return jobs }
      return .map(
        entries.map { job in
          guard case .map(let keys) = job.value.content else { return job }
          return .entry(
            job.key, .map(keys.filter { $0.key != "container" && $0.key != "services" }))
        })
    }
  }

  private static func edit(
    _ node: YAMLNode, at key: String, _ change: (YAMLNode) -> YAMLNode
  ) -> YAMLNode {
    guard case .map(let entries) = node.content else { return node }
    return .map(entries.map { $0.key == key ? .entry(key, change($0.value)) : $0 })
  }

  // MARK: Stand-ins

  private func writeStandIns(for workflow: ReadWorkflow) throws {
    let program = StandIns.program.replacing("@STATE@", with: state)
      .replacing("@REPOSITORY@", with: repository)
    for name in ["apt-get", "curl", "docker", "gh", "make", "ssh", "swift"] {
      try folder.write(program, to: "bin/\(name)", executable: true)
    }
    for path in ["scripts/commit-gate", "scripts/install-build-needs"] {
      try folder.write(program, to: "repository/\(path)", executable: true)
    }
    for environment in ["staging", "prod"] {
      try folder.write(
        program, to: "repository/generated/\(environment)/scripts/deploy", executable: true)
    }
    for action in Set(workflow.steps.compactMap(\.action)) {
      let text = StandIns.action(action).replacing("@STATE@", with: state)
      try folder.write(text, to: "actions/\(action)/action.yml")
    }
  }

  /// The gate of this very build judges, instead of a stand-in that only writes down that it was
  /// asked; tests and scanners then leave what they really leave.
  func askTheRealGate() throws {
    for path in [
      "environments/Lock.json", "generated/staging/gate.json",
      "generated/staging/docker-compose.yml",
    ] {
      let text = try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
      try folder.write(text, to: "repository/\(path)")
    }
    try folder.write("\(buildFolder)/slipway-gate", to: "state/real-gate")
    try folder.write(Reports.tests, to: "state/results/beside.xml")
    try folder.write(Reports.coverage, to: "state/results/coverage.json")
  }

  /// What an earlier run on the other branch left behind.
  func remember(_ artefact: String, _ file: String, _ text: String) throws {
    try folder.write(text, to: "state/earlier/\(artefact)/\(file)")
    try folder.write("4711\n", to: "state/run")
  }

  /// Every call whose words match fails.
  func fail(_ pattern: String) throws { try folder.write(pattern, to: "state/fail") }

  func kept(_ path: String) -> String? {
    try? String(contentsOfFile: "\(state)/artefacts/\(path)", encoding: .utf8)
  }
  func state(_ name: String) -> String? {
    try? String(contentsOfFile: "\(state)/\(name)", encoding: .utf8)
  }

  // MARK: The run

  func push(to branch: String, secrets: [String]) async throws -> Result {
    let workflow = try ReadWorkflow(try folder.read("repository/\(Emitted.deploy)"))
    let actions = Set(workflow.steps.compactMap(\.uses)).sorted().map { uses in
      let parts = uses.split(separator: "@").map(String.init)
      let owner = parts[0].split(separator: "/").prefix(2).joined(separator: "/")
      return "--local-repository=\(owner)@\(parts[1])=\(folder.path(of: "actions/\(owner)"))"
    }
    try folder.write(
      """
      set -eu
      git init --quiet --initial-branch="$1" .
      git add --all
      git -c user.name=test -c user.email=test@example.com commit --quiet --message test
      ip link set lo up
      ip address add 192.0.2.1/32 dev lo
      ssh-keygen -q -t ed25519 -N '' -C '' -f "$2/signing"
      printf 'delivery namespaces="slipway-delivery" %s\\n' "$(cat "$2/signing.pub")" >"$2/signers"
      DEPLOY_SIGNING_KEY=$(cat "$2/signing")
      export DEPLOY_SIGNING_KEY
      shift 2
      exec act push "$@"
      """, to: "run.sh")
    let output = try await Tool.run(
      "busybox",
      ["unshare", "-n", "/bin/sh", folder.path(of: "run.sh"), branch, state]
        + ["--workflows", Emitted.deploy, "--platform", "ubuntu-24.04=-self-hosted"]
        + ["--action-offline-mode", "--pull=false", "--no-cache-server"] + actions
        + ["--secret", "DEPLOY_SIGNING_KEY"]
        + secrets.flatMap { ["--secret", "\($0)=value-of-\($0.lowercased())"] },
      in: repository,
      environment: [
        "HOME": folder.path(of: "home"), "XDG_CACHE_HOME": folder.path(of: "home/cache"),
        "PATH": "\(folder.path(of: "bin")):\(packageRoot)/.tools/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      ], timeout: .seconds(300))
    let names = Dictionary(
      workflow.jobs.map { ($0.value["name"]?.string ?? "", $0.key) }
    ) { first, _ in first }
    func jobs(_ word: String) -> Set<String> {
      let found = output.stdout.matches(of: /(?m)^\[deploy\/([^\]]+?) *\] 🏁  Job (\w+)/)
      return Set(
        found.filter { $0.output.2 == word }.compactMap { names[String($0.output.1)] })
    }
    return Result(
      output: output, succeeded: jobs("succeeded"), failed: jobs("failed"),
      calls: (state("calls") ?? "").split(separator: "\n").map(String.init),
      told: state("told") ?? "")
  }
}

/// What a run of tests leaves behind.
enum Reports {
  static let tests = """
    <testsuites><testsuite name="TestResults" errors="0" tests="2" failures="0" skipped="0">
    <testcase classname="RiskTests.B" name="c" time="0.1"/>
    <testcase classname="A.B" name="d" time="0.1"/>
    </testsuite></testsuites>
    """

  static let coverage = """
    {"type": "llvm.coverage.json.export", "version": "2.0.1", "data": [{"files": [
    {"filename": "/a/Sources/Ledger/O.swift", "summary": {"lines": {"count": 10, "covered": 9}}},
    {"filename": "/a/Sources/Risk/C.swift", "summary": {"lines": {"count": 10, "covered": 8}}}
    ], "totals": {}}]}
    """
}

/// Programs and actions that write down what they are asked.
enum StandIns {
  static let program = #"""
    #!/bin/bash
    set -euo pipefail
    state=@STATE@
    name=${0##*/}
    words="${name} $*"
    printf '%s\n' "${words}" >>"${state}/calls"
    if [[ -e ${state}/fail ]]; then
      # The pattern is meant to be one.
      # shellcheck disable=SC2053
      [[ ${words} != $(<"${state}/fail") ]] || failed=yes
    fi
    case ${words} in
      docker*' migrate version') echo 7 ;;
      docker*' --output /'*)
        [[ ${words} =~ --output\ /([^ ]+) ]]
        about='{}'
        [[ ${words} != *'docker run'*' image '* ]] || about="{\"repoDigests\": [\"${words##* }\"]}"
        printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}},
          "results": [], "properties": %s}]}\n' "${about}" >"${BASH_REMATCH[1]}"
        ;;
      'make test')
        mkdir -p .build/results
        echo '{}' >.build/results/coverage.json
        echo '<testsuites/>' >.build/results/beside.xml
        [[ ! -e ${state}/results ]] || cp "${state}"/results/* .build/results
        ;;
      'make lint')
        mkdir -p .build/results
        echo '{"checks": [{"name": "a linter", "files": 1, "findings": 0}]}' \
          >.build/results/form.json
        ;;
      'make leaks')
        mkdir -p .build/results
        printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "slipway"}},
          "results": []}]}\n' >.build/results/leaks.sarif
        ;;
      swift*slipway-gate)
        mkdir -p .build/debug
        if [[ -e ${state}/real-gate ]]; then
          # What it says is kept: of a step that ends at once the runner may lose the last lines.
          printf '#!/bin/bash\nset -o pipefail\n"%s" "$@" 2>&1 | tee "%s"\n' \
            "$(<"${state}/real-gate")" "${state}/gate-said" >.build/debug/slipway-gate
          chmod 755 .build/debug/slipway-gate
        else
          cp "$0" .build/debug/slipway-gate
        fi
        ;;
      slipway-gate*) find evidence -type f | sort >"${state}/evidence" ;;
      gh*databaseId*) cat "${state}/run" 2>/dev/null || true ;;
      gh*headSha*) cat "${state}/previous" 2>/dev/null || true ;;
      'gh run download'*)
        shift 3
        while (($# > 1)); do
          case $1 in
            --name) source=${state}/earlier/$2/. ;;
            --pattern) source=${state}/earlier/. ;;
            --dir) target=$2 ;;
          esac
          shift 2
        done
        mkdir -p "${target}"
        cp -R "${source}" "${target}"
        if [[ -e ${target}/release.json ]]; then
          sed -i "s/@COMMIT@/${GITHUB_SHA}/" "${target}/release.json"
        fi
        ;;
      ssh*)
        cp "$2" "${state}/ssh-config"
        stat --format=%a "$2" "${2%/config}/key" "${2%/config}/known_hosts" >"${state}/ssh-modes"
        shift 3
        environment=${1#generated/}
        export SSH_ORIGINAL_COMMAND=$*
        "@REPOSITORY@/generated/delivery/receive-${environment%%/*}"
        ;;
      deploy*)
        cp "$1" "${state}/deployed.json"
        find . -type f | sort >"${state}/carried"
        if [[ ${failed:-} ]]; then
          echo '{"verdict": "rolled-back", "step": "roll"}'
        else
          echo '{"verdict": "deployed", "step": "cleaning"}'
        fi
        ;;
      curl*--data*)
        cat >>"${state}/told"
        while (($# > 1)); do
          [[ $1 != --config ]] || cat "$2" >>"${state}/told"
          shift
        done
        ;;
      *) ;;
    esac
    [[ -z ${failed:-} ]]
    """#

  /// A composite action in the place of the real one.
  static func action(_ name: String) -> String {
    let script: String
    switch name {
    case "actions/upload-artifact":
      script = """
        mkdir -p "@STATE@/artefacts/${NAME}"
        if [ -d "${PLACE}" ]; then PLACE=${PLACE}/.; fi
        cp -R "${PLACE}" "@STATE@/artefacts/${NAME}"
        """
    case "actions/download-artifact":
      script = """
        mkdir -p "${PLACE}"
        if [ -n "${NAME}" ]; then cp -R "@STATE@/artefacts/${NAME}/." "${PLACE}"; exit; fi
        for found in @STATE@/artefacts/${PATTERN}; do cp -R "${found}" "${PLACE}"; done
        """
    case "docker/build-push-action":
      script = """
        digest=$(sha256sum "${FILE}" | cut -d' ' -f1)
        echo "digest=sha256:${digest}" >>"${GITHUB_OUTPUT}"
        echo "build ${FILE} ${TAGS}" >>"@STATE@/calls"
        """
    default: script = "echo \"action \(name)\" >>\"@STATE@/calls\""
    }
    let inputs = ["name", "path", "pattern", "file", "tags"]
    let lines = script.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n")
    return """
      name: \(name)
      description: Stands in.
      inputs:
      \(inputs.map { "  \($0): {description: an input, default: ''}" }.joined(separator: "\n"))
      outputs:
        digest: {description: an output, value: "${{ steps.work.outputs.digest }}"}
      runs:
        using: composite
        steps:
        - id: work
          shell: bash
          env:
            NAME: ${{ inputs.name }}
            PLACE: ${{ inputs.path }}
            PATTERN: ${{ inputs.pattern }}
            FILE: ${{ inputs.file }}
            TAGS: ${{ inputs.tags }}
          run: |
      \(lines)
      """
  }
}
