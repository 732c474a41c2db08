/// Files and folders that programs are told of, and what values are made and judged by.
extension EdgeCut {
  private static let objectives = prod + "grafana/dashboards/objectives.json"

  static let mounted = [
    EdgeCut(
      .panelToLabel, in: objectives, #"{status=\"5xx\""#, #"{state=\"5xx\""#,
      "queries/written-queries-are-answered"),
    EdgeCut(
      .panelToLabelValue, in: objectives, #"{status=\"5xx\""#, #"{status=\"7xx\""#,
      "queries/written-queries-are-answered"),
    EdgeCut(
      .optionToMount, in: stack, "--config.file=/etc/slipway/prometheus/prometheus.yml",
      "--config.file=/etc/slipway/prometheus/prom.yml", "stack/services-are-written"),
    EdgeCut(
      .optionToMount, in: stack, "--storage.tsdb.path=/prometheus\n",
      "--storage.tsdb.path=/prometeus\n", "stack/paths-are-mounted"),
    EdgeCut(
      .optionToMount, in: stack, "      target: /prometheus\n", "      target: /prometeus\n",
      "stack/paths-are-mounted"),
    EdgeCut(
      .certificateToMount, in: prod + "nginx/nginx.conf", "ssl_certificate /",
      "ssl_certificate /x/", "stack/paths-are-mounted"),
    EdgeCut(
      .backupToData, in: prod + "postgres/pgbackrest.conf", "pg1-path=/var/lib/postgresql/data/",
      "pg1-path=/var/lib/postgresql/", "stack/paths-are-mounted"),
    EdgeCut(
      .probeToProgram, in: stack, "- flowrex\n      - healthcheck\n",
      "- flowrex\n      - health\n", "stack/services-are-written"),
    EdgeCut(
      .placementToNode, in: stack, "node.labels.app == true", "node.labels.apps == true",
      "stack/services-are-written"),
    EdgeCut(
      .processorsToSum, in: stack, "          cpus: \"2\"\n", "          cpus: \"20\"\n",
      "stack/services-are-written"),
  ]

  static let gated = [
    EdgeCut(
      .secretToSource, in: prod + "secrets.json", "\"key\": \"ADMIN_PASSWORD_HASH\"",
      "\"key\": \"ADMIN_PASSWORD\"", "secrets/list-is-of-the-stack"),
    EdgeCut(
      .secretToEngine, in: prod + "secrets.json", "flowrex-prod_admin-password-hash_v1",
      "flowrex-prod_admin-password-hash_v2", "secrets/list-is-of-the-stack"),
    EdgeCut(
      .secretToEngine, in: "generated/dev/secrets.json", "\"name\": \"database-password\"",
      "\"name\": \"database-pass\"", "secrets/list-is-of-the-stack"),
    EdgeCut(
      .gateToService, in: prod + "gate.json", "\"name\": \"backend\"", "\"name\": \"backent\"",
      "delivery/gate-judges-the-stack"),
    EdgeCut(
      .gateToScrape, in: prod + "gate.json", "\"job\": \"backend\"", "\"job\": \"backent\"",
      "delivery/gate-judges-the-stack"),
    EdgeCut(
      .gateToSecret, in: prod + "gate.json", "\"name\": \"JWT_SECRET_KEY\"",
      "\"name\": \"JWT_KEY\"", "delivery/gate-judges-the-stack"),
    EdgeCut(
      .imageToDockerfile, in: deploy, "file: generated/docker/flowrex-console.Dockerfile",
      "file: generated/docker/flowrex-backend.Dockerfile", "images/builds-use-their-dockerfile"),
    EdgeCut(
      .jobToEnvironment, in: deploy, "      name: prod\n", "      name: staging\n",
      "workflows/jobs-have-one-environment"),
    EdgeCut(
      .jobToEnvironment, in: deploy, "slipway-gate gate prod ", "slipway-gate gate staging ",
      "workflows/jobs-have-one-environment"),
  ]
}
