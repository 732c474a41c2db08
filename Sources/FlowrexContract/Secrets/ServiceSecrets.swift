public import ServiceContract

/// What our processes are given as files, and never as variables outside development. (C-16)
extension SecretKey {
  public static let jwtSecretKey = SecretKey(
    "JWT_SECRET_KEY", atLeast: 256, rotate: .days(90),
    "Signs access tokens; its `kid` is the start of its SHA-256. (S17-VAR-20, S17-HS-07, C-44)")

  public static let jwtPreviousKey = SecretKey(
    "JWT_PREVIOUS_SECRET_KEY", atLeast: 256, rotate: .days(97),
    "Only verifies, during a rotation; equal to the first when none is going on. (C-44)")

  public static let securitySecretKey = SecretKey(
    "SECURITY_SECRET_KEY", atLeast: 256, rotate: .days(90),
    "Signs forms, cookies and links; not the token's key. (S04-AUTH-05, C-47)")

  public static let adminPasswordHash = SecretKey(
    "ADMIN_PASSWORD_HASH", form: .passwordHash, atLeast: 72, rotate: .days(180),
    "bcrypt, cost at least 12: the first administrator. (S04-AUTH-04, C-46)")

  public static let databasePassword = SecretKey(
    "DATABASE_PASSWORD", atLeast: 128, rotate: .days(90),
    "Role `flowrex`: rows. (S17-VAR-13, S03-VAR-01, C-16)")

  public static let databaseReaderPassword = SecretKey(
    "DATABASE_READER_PASSWORD", atLeast: 128, rotate: .days(90),
    "Role `flowrex_reader`: replicas. (engine fact F17)")

  public static let redisPassword = SecretKey(
    "REDIS_PASSWORD", atLeast: 128, rotate: .days(90),
    "Both Redis servers. (S17-VAR-18, S04-RL-02, C-38)")

  public static let consoleCookieKey = SecretKey(
    "CONSOLE_COOKIE_KEY", atLeast: 256, rotate: .days(90),
    "Seals the console's session cookie. (C-47, C-61)")
}

extension SecretKey {
  /// What the API reads.
  public static let backendSecrets: [SecretKey] = [
    jwtSecretKey, jwtPreviousKey, securitySecretKey, adminPasswordHash, databasePassword,
    databaseReaderPassword, redisPassword,
  ]

  /// What the worker reads.
  public static let workerSecrets: [SecretKey] = [databasePassword, redisPassword]

  /// What `migrate` reads.
  public static let migrationSecrets: [SecretKey] = [databasePassword]

  /// What the console reads.
  public static let consoleSecrets: [SecretKey] = [consoleCookieKey]
}
