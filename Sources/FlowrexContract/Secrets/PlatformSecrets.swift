public import ServiceContract

/// Secrets of those who are told, and of delivery. What the stores, backups and Grafana need is
/// the generator's own. (C-68, C-69)
extension SecretKey {
  public static let pagerDutyKey = SecretKey(
    "PAGERDUTY_ROUTING_KEY", form: .issued, atLeast: 128, rotate: .days(365),
    "Pages who is on call. (C-69)")

  public static let slackWebhook = SecretKey(
    "SLACK_WEBHOOK_URL", form: .url, atLeast: 100, rotate: .days(365),
    "Alerts and releases, good and bad. (S17-CI-14, S18-DEP-14, C-68, C-69)")

  public static let heartbeatURL = SecretKey(
    "HEARTBEAT_URL", form: .url, atLeast: 64, rotate: .days(365),
    "Somebody outside who notices silence. (C-69)")

  public static let registryUser = SecretKey(
    "REGISTRY_USERNAME", form: .issued, atLeast: 0, rotate: .days(365),
    "With which CI pushes images. (S17-CI-09)")

  public static let registryPassword = SecretKey(
    "REGISTRY_PASSWORD", form: .issued, atLeast: 128, rotate: .days(90),
    "With which CI pushes images. (S17-CI-09)")

  public static let deployKey = SecretKey(
    "DEPLOY_SSH_KEY", form: .pem, atLeast: 256, rotate: .days(90),
    "Reaches the cluster; by itself it starts nothing there. (S17-CI-11, 12)")

  public static let deploySigningKey = SecretKey(
    "DEPLOY_SIGNING_KEY", form: .pem, atLeast: 256, rotate: .days(90),
    "Signs what is carried to the cluster: only that is run. (S17-CI-11, 12)")

  public static let deployHostKey = SecretKey(
    "DEPLOY_SSH_HOST_KEY", form: .issued, atLeast: 0, rotate: .days(365),
    "Pins the cluster, so that no other host is believed. (S17-CI-11, 12)")
}

/// Secrets of adapters that are the next step: nobody reads one yet.
extension SecretKey {
  public static let twelveDataKey = SecretKey(
    "TWELVEDATA_API_KEY", form: .issued, atLeast: 128, rotate: .days(180),
    "Prices. (S17-VAR-26, S17-SEC-04)")

  public static let oandaKey = SecretKey(
    "OANDA_API_KEY", form: .issued, atLeast: 128, rotate: .days(90), "Orders. (S17-VAR-29)")

  public static let mt5Login = SecretKey(
    "MT5_LOGIN", form: .issued, atLeast: 0, rotate: .days(365), "Orders. (S17-VAR-31)")

  public static let mt5Password = SecretKey(
    "MT5_PASSWORD", form: .issued, atLeast: 64, rotate: .days(90), "Orders. (S17-VAR-32)")

  public static let sentryDSN = SecretKey(
    "SENTRY_DSN", form: .url, atLeast: 100, rotate: .days(365),
    "Faults. (S17-VAR-45, S17-SEC-05, C-50)")

  public static let smtpPassword = SecretKey(
    "SMTP_PASSWORD", form: .issued, atLeast: 64, rotate: .days(180),
    "Mail. (S17-VAR-67, S17-SEC-05, C-48)")
}

extension SecretKey {
  /// What alerts, releases and CI need.
  public static let deliverySecrets: [SecretKey] = [
    pagerDutyKey, slackWebhook, heartbeatURL, registryUser, registryPassword, deployKey,
    deployHostKey, deploySigningKey,
  ]

  /// Declared, and read by nobody yet.
  public static let adapterSecrets: [SecretKey] = [
    twelveDataKey, oandaKey, mt5Login, mt5Password, sentryDSN, smtpPassword,
  ]

  /// All of them, each once: the API's include the worker's and those of `migrate`.
  public static let flowrex: [SecretKey] =
    backendSecrets + consoleSecrets + deliverySecrets + adapterSecrets

  /// Pairs that must differ, whatever else they are. (C-47)
  public static let distinctPairs: [(SecretKey, SecretKey)] = [
    (jwtSecretKey, securitySecretKey), (jwtSecretKey, consoleCookieKey),
    (securitySecretKey, consoleCookieKey),
  ]
}
