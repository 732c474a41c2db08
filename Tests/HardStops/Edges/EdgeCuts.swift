extension EdgeCut {
  package static let all =
    forwards + questions + alerts + parts + scripts + names + numbers + mounted + gated

  static let prod = "generated/prod/"
  private static let staging = "generated/staging/"
  private static let dev = "generated/dev/"
  static let stack = prod + "docker-compose.yml"
  private static let nginx = prod + "nginx/nginx.conf"
  private static let prometheus = prod + "prometheus/prometheus.yml"
  private static let critical = prod + "prometheus/rules/critical.yml"
  static let deploy = ".github/workflows/deploy.yml"

  private static let forwards = [
    EdgeCut(
      .upstreamToService, in: nginx, "server backend:8000", "server gone:8000",
      "references/upstreams-are-services"),
    EdgeCut(
      .upstreamToPort, in: nginx, "server backend:8000", "server backend:8001",
      "references/upstreams-are-services"),
    EdgeCut(
      .locationToUpstream, in: nginx, "proxy_pass http://backend_backend-http;",
      "proxy_pass http://gone;", "references/upstreams-are-services"),
    EdgeCut(
      .locationToRoute, in: nginx, "location = /health/ready {", "location = /health/redy {",
      "edge/routes-are-served"),
    EdgeCut(
      .upstreamToService, in: staging + "docker-compose.yml", "  backend:\n    image",
      "  gone:\n    image", "references/upstreams-are-services",
      found: staging + "nginx/nginx.conf"),
  ]

  private static let questions = [
    EdgeCut(
      .jobToService, in: prometheus, "    - backend\n", "    - gone\n",
      "references/targets-are-services"),
    EdgeCut(
      .jobToPort, in: prometheus, "    port: 9090\n", "    port: 9999\n",
      "monitoring/targets-listen"),
    EdgeCut(
      .alertingToService, in: prometheus, "      - alertmanager\n", "      - gone\n",
      "references/targets-are-services"),
    EdgeCut(
      .serverToRuleFile, in: prometheus, "- rules/critical.yml\n", "- rules/crucial.yml\n",
      "alerts/rule-files-are-loaded"),
    EdgeCut(
      .alertToJob, in: prometheus, "- job_name: backend\n", "- job_name: gone\n",
      "monitoring/queried-jobs-are-scraped", found: prod + "prometheus/rules/standard.yml"),
    EdgeCut(
      .alertToMetric, in: critical, "http_requests_total{", "http_request_total{",
      "queries/written-queries-are-answered"),
    EdgeCut(
      .alertToLabel, in: critical, "{status=\"5xx\"", "{state=\"5xx\"",
      "queries/written-queries-are-answered"),
    EdgeCut(
      .alertToLabelValue, in: staging + "prometheus/rules/critical.yml", "{status=\"5xx\"",
      "{status=\"7xx\"", "queries/written-queries-are-answered"),
    EdgeCut(
      .panelToMetric, in: prod + "grafana/dashboards/edge.json", "nginx_connections_active",
      "nginx_connection_active", "queries/written-queries-are-answered"),
  ]

  private static let alerts = [
    EdgeCut(
      .alertToSeverity, in: critical, "severity: critical", "urgency: critical",
      "alerts/every-alert-has-a-severity"),
    EdgeCut(
      .severityToRoute, in: prod + "alertmanager/alertmanager.yml",
      "- severity=\"warning\"\n    group_wait", "- severity=\"mild\"\n    group_wait",
      "alerts/severities-reach-receivers", found: prod + "prometheus/rules/warning.yml"),
    EdgeCut(
      .routeToReceiver, in: prod + "alertmanager/alertmanager.yml", "receivers:\n- name: ",
      "receivers:\n- name: x", "alerts/routes-lead-to-receivers"),
    EdgeCut(
      .alertToRunbook, in: critical, "runbooks/api-errors.md", "runbooks/api-mistakes.md",
      "alerts/every-alert-has-a-runbook"),
    EdgeCut(
      .alertToTest, in: prod + "prometheus/tests/critical.yml", "alertname: HighErrorRate\n",
      "alertname: HighErrorShare\n", "alerts/every-alert-is-tested", found: critical),
    EdgeCut(
      .alertToDashboard, in: prod + "grafana/dashboards/platform-overview.json",
      "\"uid\": \"flowrex-platform-overview\"", "\"uid\": \"flowrex-platform\"",
      "alerts/links-lead-to-dashboards", found: critical),
    EdgeCut(
      .panelToDatasource, in: prod + "grafana/provisioning/datasources/prometheus.yml", "uid: ",
      "uid: x", "dashboards/datasources-exist", found: prod + "grafana/dashboards/edge.json"),
    EdgeCut(
      .datasourceToServer, in: prod + "grafana/provisioning/datasources/prometheus.yml",
      "http://prometheus:9090", "http://prometheus:9091", "alerts/links-lead-to-dashboards"),
  ]

  private static let parts = [
    EdgeCut(
      .secretToDeclaration, in: stack, "- source: jwt-secret-key\n", "- source: gone\n",
      "references/stack-names-are-declared"),
    EdgeCut(
      .secretToMount, in: prod + "alertmanager/alertmanager.yml", "/run/secrets/",
      "/run/secrets/not-", "secrets/paths-are-mounted"),
    EdgeCut(
      .secretToReader, in: stack, "target: /run/secrets/jwt-secret-key\n",
      "target: /run/secrets/jwt-secret\n", "secrets/reach-their-readers"),
    EdgeCut(
      .settingToReader, in: stack, "      DATABASE_HOST: ", "      DATABASE_HOSTS: ",
      "configuration/keys-are-read"),
    EdgeCut(
      .settingToReader, in: dev + "env/backend.env", "DATABASE_HOST=", "DATABASE_HOSTS=",
      "configuration/keys-are-read"),
    EdgeCut(
      .settingToService, in: staging + "docker-compose.yml", "REDIS_CACHE_HOST: redis-cache",
      "REDIS_CACHE_HOST: redis-cash", "stack/settings-are-written"),
    EdgeCut(
      .settingToService, in: dev + "env/backend.env", "DATABASE_HOST=postgres-primary",
      "DATABASE_HOST=postgres", "stack/settings-are-written", found: dev + "docker-compose.yml"),
    EdgeCut(
      .volumeToDeclaration, in: stack, "\n  postgres-data-1: {}\n", "\n  postgres-data: {}\n",
      "references/stack-names-are-declared"),
    EdgeCut(
      .configToDeclaration, in: stack, "- source: nginx-nginx-conf\n", "- source: gone\n",
      "references/stack-names-are-declared"),
    EdgeCut(
      .mountToFile, in: stack, "file: ./nginx/nginx.conf", "file: ./nginx/ngin.conf",
      "stack/references-resolve"),
    EdgeCut(
      .serviceToNetwork, in: stack, "    networks:\n    - front\n", "    networks:\n    - gone\n",
      "references/stack-names-are-declared"),
  ]

  private static let scripts = [
    EdgeCut(
      .imageToRelease, in: stack, "image: ${FLOWREX_BACKEND_IMAGE:?",
      "image: ${FLOWREX_BACK_IMAGE:?", "stack/settings-are-written"),
    EdgeCut(
      .buildToDockerfile, in: deploy, "file: generated/docker/flowrex-backend.Dockerfile",
      "file: generated/docker/flowrex-back.Dockerfile", "references/build-files-exist"),
    EdgeCut(
      .scriptToService, in: prod + "scripts/database.sh", "${stack}_postgres-primary",
      "${stack}_postgres", "scripts/name-what-is-deployed"),
    EdgeCut(
      .scriptToScript, in: prod + "scripts/deploy", "${generated}/scripts/secrets-check",
      "${generated}/scripts/secret-check", "scripts/name-what-is-deployed"),
    EdgeCut(
      .scriptToImage, in: prod + "scripts/roll.sh", "\nbackend FLOWREX_BACKEND_IMAGE\n",
      "\nbackend FLOWREX_CONSOLE_IMAGE\n", "scripts/name-what-is-deployed"),
    EdgeCut(
      .timerToScript, in: prod + "systemd/flowrex-prod-certificate.service",
      "/current/scripts/certificate", "/current/scripts/certificates",
      "scripts/name-what-is-deployed"),
    EdgeCut(.jobToNeed, in: deploy, "    - gate-prod\n", "    - gate\n", "workflows/needs-exist"),
    EdgeCut(
      .jobToScript, in: deploy, "generated/staging/scripts/deploy",
      "generated/staging/scripts/deploi", "references/build-files-exist"),
  ]

  private static let names = [
    EdgeCut(
      .urlToServerName, in: nginx, "server_name flowrex.app api.flowrex.app;",
      "server_name flowrex.app;", "edge/public-names-are-certified"),
    EdgeCut(
      .nameToCertificate, in: prod + "scripts/certificate", "--domains 'api.flowrex.app'",
      "--domains 'apis.flowrex.app'", "edge/public-names-are-certified"),
    EdgeCut(
      .urlToServerName, in: stack, "API_URL: https://api.flowrex.app",
      "API_URL: https://api.flowrex.com", "stack/settings-are-written"),
  ]

  private static let numbers = [
    EdgeCut(
      .timeoutOfEdge, in: nginx, "  proxy_read_timeout 15s;", "  proxy_read_timeout 150s;",
      "edge/timeouts-are-written"),
    EdgeCut(
      .timeoutOfEngine, in: stack, "stop_grace_period: 30s", "stop_grace_period: 10s",
      "stack/settings-are-written"),
    EdgeCut(
      .timeoutOfRequest, in: stack, "      DATABASE_HOST: ",
      "      REQUEST_TIMEOUT_SECONDS: \"20\"\n      DATABASE_HOST: ",
      "stack/settings-are-written"),
    EdgeCut(
      .connectionsOfServer, in: prod + "postgres/postgresql.conf", "max_connections = 200",
      "max_connections = 20", "database/servers-accept-what-was-counted"),
    EdgeCut(
      .connectionsOfPools, in: stack, "      DATABASE_HOST: ",
      "      DATABASE_POOL_SIZE: \"50\"\n      DATABASE_HOST: ", "stack/settings-are-written"),
    EdgeCut(
      .replicasToSum, in: stack, "      replicas: 5\n", "      replicas: 50\n",
      "stack/settings-are-written"),
    EdgeCut(
      .memoryToSum, in: stack, "          cpus: \"1\"\n          memory: 1G\n",
      "          cpus: \"1\"\n          memory: 2G\n", "stack/settings-are-written"),
    EdgeCut(
      .memoryOfStore, in: prod + "redis-state/redis.conf", "maxmemory ", "maxmemory 9",
      "capacity/memory-stores-fit-their-limit"),
    EdgeCut(
      .retentionToWindow, in: stack, "--storage.tsdb.retention.time=2592000s",
      "--storage.tsdb.retention.time=60s", "alerts/windows-are-kept",
      found: prod + "prometheus/rules/critical.yml"),
    EdgeCut(
      .intervalToRange, in: prometheus, "scrape_interval: 15s", "scrape_interval: 2m",
      "alerts/windows-are-kept", found: prod + "prometheus/rules/critical.yml"),
  ]
}
