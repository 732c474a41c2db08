import ServiceContract
import Slipway
import SlipwayDocuments
import SlipwayModel

/// Tells people how a delivery ended: success, failure and rollback alike, also when a job failed
/// long before the deployment. (C-68, W07, W08, S17-CI-14)
///
/// By `curl` to the receivers' own addresses: no program of others gets to see them. Whether
/// people could be told does not change what runs, and so does not fail the run.
struct NotifyJob {
  let plan: DeliveryPlan
  let stage: DeliveryStage

  /// Holds the receivers' addresses; guards no deployment.
  static let environment = "notifications"

  var job: Job? {
    guard !stage.delivery.tells.isEmpty else { return nil }
    return Job(
      id: stage.notifyJob, name: "Tell how \(stage.name) went",
      needs: stage.evidenceJobs + [stage.gateJob, stage.deployJob],
      condition: "always() && (\(stage.condition))",
      environment: .string(Self.environment), minutes: 5, permissions: [], mayFail: true,
      steps: [outcome] + stage.delivery.tells.map(tell), origins: stage.origins)
  }

  private var outcome: Step {
    Step(
      name: "Say it in one sentence", id: "outcome",
      variables: [
        .entry("DEPLOYMENT", WorkflowExpression.result(of: stage.deployJob)),
        .entry("VERDICT", WorkflowExpression.output("verdict", of: stage.deployJob)),
        .entry("PLACE", .string("\(plan.project.name) on \(stage.name)")),
        .entry("HOME_PAGE", "${{ github.server_url }}/${{ github.repository }}"),
      ],
      work: .run([
        "case ${DEPLOYMENT} in",
        #"  success) said="runs ${GITHUB_SHA}" ;;"#,
        "  failure)",
        // The script on the cluster was content; what failed is the way there from outside.
        #"    said="did not take ${GITHUB_SHA}: ${VERDICT:-no verdict}""#,
        "    if [[ ${VERDICT} == deployed ]]; then",
        #"      said="runs ${GITHUB_SHA}, but is not answered from outside""#,
        "    fi",
        "    ;;",
        #"  cancelled) said="was left while it took ${GITHUB_SHA}: look at it" ;;"#,
        #"  *) said="was not touched: ${GITHUB_SHA} failed before" ;;"#,
        "esac",
        #"page="${HOME_PAGE}/actions/runs/${GITHUB_RUN_ID}""#,
        #"echo "text=${PLACE} ${said} (${page})" >>"${GITHUB_OUTPUT}""#,
      ]))
  }

  private func tell(_ receiver: Receiver) -> Step {
    var variables: [YAMLEntry] = [
      .entry("TEXT", "${{ steps.outcome.outputs.text }}"),
      .entry("ADDRESS", WorkflowExpression.secret(receiver.key)),
    ]
    let body: [String]
    let address: String
    let name: String
    switch receiver.kind {
    case .slack(let channel):
      variables.append(.entry("CHANNEL", .string(channel, from: [receiver.origin])))
      body = ["jq --null-input '{channel: $ENV.CHANNEL, text: $ENV.TEXT}' \\"]
      (name, address) = ("Slack", "${ADDRESS}")
    case .webhook:
      body = ["jq --null-input '{text: $ENV.TEXT}' \\"]
      (name, address) = ("the webhook", "${ADDRESS}")
    case .pagerDuty:
      variables.append(.entry("SOURCE", .string(stage.name)))
      body = [
        "jq --null-input '{routing_key: $ENV.ADDRESS,",
        "    payload: {summary: $ENV.TEXT, source: $ENV.SOURCE}}' \\",
      ]
      (name, address) = ("PagerDuty", "https://events.pagerduty.com/v2/change/enqueue")
    }
    return Step(
      name: "Tell \(name)", condition: "always()", variables: variables,
      work: .run(
        body + [
          "  | curl --fail --silent --show-error --max-time 20 --retry 3 \\",
          "    --header 'Content-Type: application/json' --data @- --output /dev/null \\",
          "    --config <(printf 'url = \"%s\"\\n' \"\(address)\")",
        ]), origins: [receiver.origin])
  }
}
