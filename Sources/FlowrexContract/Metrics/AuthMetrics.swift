public import ServiceContract

extension Flowrex {
  public static let logins = Counter<Unlabelled>(
    "logins_total", "Sign-ins that succeeded. (S18-POST-11)")

  public static let loginFailures = Counter<LoginFailureLabels>(
    "login_failures_total", "Sign-ins that failed. (S04-AUTH-09)")

  public static let lockOuts = Counter<LockOutLabels>(
    "account_lockouts_total", "Lock-outs that began. (S04-AUTH-08, C-45)")

  public static let tokenRefreshes = Counter<Unlabelled>(
    "token_refreshes_total", "Refresh tokens exchanged for new ones. (S04-AUTH-12, C-02)")

  public static let tokensRevoked = Counter<Unlabelled>(
    "tokens_revoked_total", "Tokens revoked before their end. (S04-AUTH-10, 13)")

  public static let tokenRejections = Counter<TokenFaultLabels>(
    "token_rejections_total", "Tokens that were refused. (S04-AUTH-10 … 14, C-02)")

  public static let auditEntries = Counter<Unlabelled>(
    "audit_entries_total", "Entries appended to the audit log. (S18-AUD-01, 02)")

  public static let auditFailures = Counter<Unlabelled>(
    "audit_write_failures_total", "Audit entries that could not be written. (S18-AUD-02)")
}

extension Flowrex {
  /// What is counted about people, tokens and the audit log.
  public static let authFamilies: [MetricFamily] = [
    logins.family, loginFailures.family, lockOuts.family, tokenRefreshes.family,
    tokensRevoked.family, tokenRejections.family, auditEntries.family, auditFailures.family,
  ]
}
