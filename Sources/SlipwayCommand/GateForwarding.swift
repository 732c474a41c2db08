import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `slipway lock`: done by `slipway-gate`, which alone may open a socket and is built apart, so
/// that a first `generate` does not wait for it.
struct LockForwarding: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Asks registries and git what the lock file's tags mean now, and writes it down.")

  @Argument(parsing: .captureForPassthrough, help: "See: slipway lock --help")
  var arguments: [String] = []

  func run(_ declared: Declared) -> ExitStatus {
    // A later `--lock` on the command line counts more than this one.
    Gate.become(["lock", "--lock", declared.lock] + arguments)
  }
}

/// `slipway gate`: judged by `slipway-gate`, which can read certificates and ask for secrets.
struct AskForwarding: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Says whether a release may go into an environment, and what stands in its way.")

  @Argument(parsing: .captureForPassthrough, help: "See: slipway gate --help")
  var arguments: [String] = []

  func run(_ declared: Declared) -> ExitStatus { Gate.become(["gate"] + arguments) }
}

/// `slipway sign-off`: done by `slipway-gate`, which reads what roles signed.
struct SignOffForwarding: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-off",
    abstract: "Writes what a role decided about a commit, for it to sign.")

  @Argument(parsing: .captureForPassthrough, help: "See: slipway sign-off --help")
  var arguments: [String] = []

  func run(_ declared: Declared) -> ExitStatus { Gate.become(["sign-off"] + arguments) }
}

/// `slipway secrets`: done by `slipway-gate`, which asks servers for values.
struct SecretsForwarding: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "secrets",
    abstract: "Brings secrets from their source to the engine: status, sync, rotate.")

  @Argument(parsing: .captureForPassthrough, help: "See: slipway secrets --help")
  var arguments: [String] = []

  func run(_ declared: Declared) -> ExitStatus { Gate.become(["secrets"] + arguments) }
}

/// `slipway pki`: done by `slipway-gate`, which can make certificates.
struct PKIForwarding: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "pki",
    abstract: "Issues the certificates with which data stores and their clients know each other.")

  @Argument(parsing: .captureForPassthrough, help: "See: slipway pki --help")
  var arguments: [String] = []

  func run(_ declared: Declared) -> ExitStatus { Gate.become(["pki"] + arguments) }
}

/// The program beside this one that does what needs a network.
enum Gate {
  static let name = "slipway-gate"

  /// Replaces this process, so that status, signals and streams are the other program's own.
  /// Returns only if that failed.
  static func become(_ arguments: [String]) -> ExitStatus {
    for path in candidates() where access(path, X_OK) == 0 {
      let words = ([path] + arguments).map { strdup($0) } + [nil]
      defer { words.forEach { free($0) } }
      execv(path, words)
      let reason = String(cString: strerror(errno))
      Terminal.write("error: '\(path)' does not start: \(reason)\n", to: STDERR_FILENO)
      return .disk
    }
    Terminal.write(
      """
      error: '\(name)', which does this, is neither beside 'slipway' nor on PATH
        = fix: swift build --product \(name)

      """, to: STDERR_FILENO)
    return .disk
  }

  /// Beside this executable first, so that both are of one build; then where the shell would look.
  private static func candidates() -> [String] {
    var folders: [String] = []
    if let own = realpath("/proc/self/exe", nil) {
      folders.append(folder(of: String(cString: own)))
      free(own)
    }
    if let path = getenv("PATH") {
      folders += String(cString: path).split(separator: ":").filter { $0.hasPrefix("/") }
        .map(String.init)
    }
    return folders.map { "\($0)/\(name)" }
  }

  private static func folder(of path: String) -> String {
    path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
  }
}
