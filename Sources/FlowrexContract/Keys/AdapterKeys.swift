public import ServiceContract

/// Keys of adapters that are the next step: OANDA, MT5, TwelveData, mail, AI features.
///
/// They are declared, so that no document's variable is lost, and no environment can state one:
/// nobody reads it yet. An adapter that arrives moves its keys to ``Stated`` or `Setting`.
public enum Adapters {
  public static let twelveDataURL = StatedKey<String>(
    "TWELVEDATA_BASE_URL", onLaptop: "https://api.twelvedata.com", "S17-VAR-27.")

  public static let oandaAccount = StatedKey<String>(
    "OANDA_ACCOUNT_ID", onLaptop: nil, "S17-VAR-28.")

  public static let oandaURL = StatedKey<String>(
    "OANDA_BASE_URL", onLaptop: "https://api-fxpractice.oanda.com",
    "The live address is production's only. S17-VAR-30.")

  public static let mt5Server = StatedKey<String>("MT5_SERVER", onLaptop: nil, "S17-VAR-33.")

  public static let smtpHost = StatedKey<String>(
    "SMTP_HOST", onLaptop: nil, "Any relay. S17-VAR-64, C-48.")

  public static let smtpPort = StatedKey<Int>("SMTP_PORT", onLaptop: 587, "S17-VAR-65.")

  public static let smtpUser = StatedKey<String>("SMTP_USERNAME", onLaptop: nil, "S17-VAR-66.")

  public static let smtpFrom = StatedKey<String>("SMTP_FROM_EMAIL", onLaptop: nil, "S17-VAR-68.")

  public static let aiAgents = StatedKey<Bool>(
    "FEATURE_AI_AGENTS_ENABLED", onLaptop: false, "S17-VAR-60.")

  public static let backtesting = StatedKey<Bool>(
    "FEATURE_BACKTESTING_ENABLED", onLaptop: false, "S17-VAR-61.")

  public static let optimisation = StatedKey<Bool>(
    "FEATURE_OPTIMIZATION_ENABLED", onLaptop: false, "S17-VAR-62.")
}

extension KeyDeclaration {
  /// Declared, and read by nobody yet.
  public static let adapterKeys: [KeyDeclaration] = [
    Adapters.twelveDataURL.declaration, Adapters.oandaAccount.declaration,
    Adapters.oandaURL.declaration, Adapters.mt5Server.declaration,
    Adapters.smtpHost.declaration, Adapters.smtpPort.declaration,
    Adapters.smtpUser.declaration, Adapters.smtpFrom.declaration,
    Adapters.aiAgents.declaration, Adapters.backtesting.declaration,
    Adapters.optimisation.declaration,
  ]
}
