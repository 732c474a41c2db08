import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What an administrator does once, in this order, before the first release can be delivered.
/// (F14, S18-DEP-*, S17-CL-RDY-*)
extension EnvironmentReadme {
  func describeFirstRelease(in page: inout Page) {
    page.section("Before the first release")
    page.say(
      """
      Once, in this order, by an administrator; commands run on a manager, in a checkout of the \
      branch that is delivered, unless they say otherwise.
      """)
    prepareNodes(in: &page)
    prepareManager(in: &page)
    prepareDelivery(in: &page)
    prepareSecrets(in: &page)
    release(in: &page)
  }

  private var project: Project { environment.project }
  private var state: String { HostPath.state(project.contract.name, environment.name) }
  private var account: String {
    if case .ssh(_, _, let user, _, _, _) = specification.cluster.access { user } else { "root" }
  }

  private func commands(_ lines: [String], in page: inout Page, from origins: [Origin] = []) {
    page.code("sh", lines.map { TextLine($0, from: origins) })
  }

  // MARK: Machines

  private func prepareNodes(in page: inout Page) {
    page.section("1. Nodes", level: 3)
    page.say("Every node runs Docker, has joined the swarm under the name above, and has:")
    page.bullets([
      // A stack cannot say it for each container. (F2)
      Page.Item(
        """
        \(code: "\"no-new-privileges\": true") in \(code: "/etc/docker/daemon.json"), since a \
        stack cannot ask for it;
        """
      ),
      Page.Item(
        """
        the folder in which scripts leave what they measured, which the exporter of each node \
        reads: it starts on no node that lacks it.
        """),
    ])
    commands(
      ["sudo install --directory --mode 0755 \(HostPath.metrics(project.contract.name))"],
      in: &page)
    page.say("The labels by which services are placed are set on a manager:")
    page.code(
      "sh",
      environment.nodes.map { node in
        let labels = node.kinds.map { "--label-add \($0.rawValue)=true" }.joined(separator: " ")
        return TextLine("docker node update \(labels) \(node.name)", from: [node.origin])
      })
    if let edge = environment.edge {
      let nodes = environment.nodes.filter { $0.kinds.contains(.edge) }.map(\.name)
      page.say(
        "These names lead to \(Prose.codes(nodes)): \(Prose.codes(edge.names.all)).",
        from: [edge.origin.at("names")])
    }
  }

  private func prepareManager(in page: inout Page) {
    page.section("2. The manager that is delivered to", level: 3)
    page.say(
      """
      It needs \(Prose.codes(["curl", "flock", "jq", "openssl", "ssh-keygen", "tar"])), the \
      account \(code: account) in the group \(code: "docker"), a state folder of that \
      account, and the gate:
      """)
    commands(
      [
        "sudo install --directory --owner \(account) --mode 0750 \(state)",
        "sudo install --owner \(account) --directory --mode 0755 "
          + HostPath.metrics(project.contract.name),
        "swift build --configuration release --product slipway-gate",
        "sudo install --mode 0755 .build/release/slipway-gate /usr/local/bin/",
        "sudo --user \(account) docker login \(registry)",
      ], in: &page, from: [specification.cluster.origin])
    page.say(
      """
      Who may sign for which role stands in \(code: "\(state)/signers"), one line each: \
      \(code: "ROLE namespaces=\"slipway\" ssh-ed25519 …"). It belongs to the administrator, and \
      never travels with a release.
      """)
    commands(
      ["sudo install --owner root --mode 0644 signers \(state)/signers"], in: &page)
  }

  private var registry: String {
    project.registry.split(separator: "/").first.map(String.init) ?? project.registry
  }

  // MARK: Delivery

  private func prepareDelivery(in page: inout Page) {
    guard case .ssh = specification.cluster.access, specification.delivery != nil else { return }
    let name = environment.name
    let signers = DeployAccess.signers(of: name)
    page.section("3. The way in for deliveries", level: 3)
    page.say(
      """
      The workflow's key reaches the account, the workflow's other key signs what is carried. What \
      is carried is code and runs with that account's rights, which are as good as root's: nothing \
      is run that a key of \(code: signers) did not sign. It does not protect from who holds both \
      keys; those stand in the workflow's protected environment alone.
      """)
    commands(
      [
        "sudo install --mode 0755 generated/delivery/receive-\(name) /usr/local/sbin/",
        "sudo install --directory --mode 0755 /etc/slipway",
        "echo '\(DeployAccess.signer) namespaces=\"\(DeployAccess.namespace)\" ssh-ed25519 …' "
          + "| sudo tee \(signers)",
        "echo 'restrict,command=\"/usr/local/sbin/receive-\(name)\" ssh-ed25519 …' "
          + "| sudo tee --append ~\(account)/.ssh/authorized_keys",
      ], in: &page, from: [specification.cluster.origin.at("reachedBy")])
    page.say("The secrets of the workflow itself stand above, under Secrets.")
  }

  // MARK: Secrets

  private func prepareSecrets(in page: inout Page) {
    page.section("4. Secrets in the engine", level: 3)
    let origins = [specification.secrets.origin]
    page.say(
      """
      Each goes into the engine by standard input, never by an argument; then the last command \
      says whether one is missing.
      """, from: origins)
    commands(
      [
        "# for each of the table, from where its value is kept:",
        "docker secret create NAME -",
        "\(environment.folder)scripts/secrets-check",
      ], in: &page, from: origins)
    let rows = environment.secrets.map { secret in
      Table.Row([.code(environment.engineName(of: secret)), content(of: secret)], from: origins)
    }
    page.table(Table(["Create", "What is in it"], rows), none: "There are none.")
  }

  private func content(of secret: ResolvedSecret) -> Prose {
    let name = secret.key.name
    switch secret.form {
    case .plain:
      return name.hasPrefix("INSIDE_")
        ? "\(code: name), issued by the inside authority: \(Prose.note(secret.key.help))"
        : "\(code: name)"
    case .redisInclude:
      return "one line, made from \(code: name): \(code: "requirepass VALUE")"
    case .redisExporterMap:
      let scheme = isDeployed ? "rediss" : "redis"
      let pairs = secret.parameter.split(separator: ",").map {
        "\"\(scheme)://\($0):6379\":\"VALUE\""
      }
      return "made from \(code: name): \(code: "{" + pairs.joined(separator: ",") + "}")"
    case .postgresPassFile:
      return "made from \(code: name): \(code: "*:*:*:*:VALUE")"
    }
  }

  // MARK: The release

  private func release(in page: inout Page) {
    page.section("5. The release, and what starts by itself from then on", level: 3)
    if let delivery = specification.delivery {
      page.say(
        """
        Push to \(code: delivery.branch). The deployment starts the stack, makes the database, \
        migrates it\(certificate). Only when it is answered from outside does the run succeed.
        """, from: [delivery.origin])
    }
    if case .acme = environment.edge?.certificate {
      page.say(
        """
        If the authority gave none, the run says \
        \(code: "runs SHA, but is not answered from outside"). Mend what the \
        authority said, ask again on the manager, and push the next commit:
        """)
      commands(["\(state)/current/scripts/certificate issue"], in: &page)
    }
    let timers = TimerUnits(environment: environment, inputs: EmitterInputs(templates: [:])).names
    guard !timers.isEmpty else { return }
    page.say("Then the timers start what the release that runs brought with it:")
    commands(
      ["sudo install --mode 0644 \(environment.folder)systemd/* /etc/systemd/system/"]
        + ["sudo systemctl daemon-reload"]
        + timers.map { "sudo systemctl enable --now \($0).timer" }, in: &page)
  }

  private var certificate: String {
    if case .acme = environment.edge?.certificate { ", and asks for the certificate" } else { "" }
  }
}
