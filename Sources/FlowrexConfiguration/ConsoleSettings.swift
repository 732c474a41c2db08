import FlowrexContract
import ServiceContract

/// All that `flowrex-console` is told. (S18-ARCH-03, S17-SEC-15)
package struct ConsoleSettings: Sendable {
  package let process: ProcessSettings
  package let life: LifeSettings
  package let people: PublicSettings
  package let port: Int
  /// Where the API is reached inside.
  package let api: InsideAddress
  /// Where browsers open the stream.
  package let stream: String

  init(_ reader: inout KeyReader) {
    process = ProcessSettings(&reader, of: .console)
    life = LifeSettings(&reader)
    people = PublicSettings(&reader)
    port = reader.value(Stated.consolePort, in: 1...65_535)
    if let address = InsideAddress(reader.value(Derived.apiInsideURL)) {
      api = address
    } else {
      reader.refuse(Derived.apiInsideURL.name, "expected `http://host:port` and nothing more")
      api = InsideAddress(host: "", port: 1)
    }
    stream = reader.value(Derived.webSocketURL)
    if StreamText.origin(of: stream) == nil {
      reader.refuse(Derived.webSocketURL.name, "expected `wss://host/path`")
    }
    if !OriginText.isOrigin(people.consoleURL) {
      reader.refuse(Derived.consoleURL.name, "expected `https://host` and nothing more")
    }
    StageRules.judge(self, &reader)
  }

  /// The stream's scheme, host and port: what pages may connect to. (C-13)
  package var streamOrigin: String { StreamText.origin(of: stream) ?? "" }
}

/// A server of the environment's own network, which is plain HTTP. (S17-VAR-70)
package struct InsideAddress: Sendable, Hashable {
  package let host: String
  package let port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// - Returns: `nil` for what is not `http://host` with perhaps a port.
  package init?(_ url: String) {
    guard OriginText.isOrigin(url), url.hasPrefix("http://"), !url.contains("[") else { return nil }
    let parts = url.dropFirst(7).split(separator: ":", omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty, parts.count < 3 else { return nil }
    guard parts.count == 2 else {
      self.init(host: String(host), port: 80)
      return
    }
    guard let port = Int(parts[1]), (1...65_535).contains(port) else { return nil }
    self.init(host: String(host), port: port)
  }
}

/// The address of a WebSocket.
private enum StreamText {
  static func origin(of url: String) -> String? {
    for scheme in ["wss://", "ws://"] where url.hasPrefix(scheme) {
      let rest = url.dropFirst(scheme.count)
      let host = rest.prefix { $0 != "/" }
      let isPlain = rest.utf8.allSatisfy { byte in
        byte > 0x20 && byte < 0x7F && !"?#\"'<>;,\\".utf8.contains(byte)
      }
      guard isPlain, OriginText.isOrigin("https://" + host) else { return nil }
      return scheme + host
    }
    return nil
  }
}

/// A configuration that was read, with what was asked for on the way.
package struct ConsoleConfiguration: Sendable {
  package let settings: ConsoleSettings
  /// Seals the session's cookie; `nil` on a laptop only, whose process draws one of its own.
  package let cookieKey: SecretValue?
  /// For the comparison with the contract.
  package let keysRead: Set<String>
  package let secretsRead: Set<String>

  /// Reads everything and refuses everything that is wrong at once. (S17-SEC-14)
  ///
  /// - Parameter files: Reads one file of a folder: the secrets'.
  package static func read(
    _ variables: [String: String],
    files: @escaping @Sendable (_ folder: String, _ name: String) -> [UInt8]?
  ) throws(ConfigurationRefused) -> ConsoleConfiguration {
    var reader = KeyReader(variables)
    let settings = ConsoleSettings(&reader)
    let folder = settings.process.secretsDirectory
    var secrets = SecretReader { files(folder, $0) }
    let key =
      reader.stage.isDeployed
      ? secrets.required(.consoleCookieKey, &reader)
      : secrets.optional(.consoleCookieKey, &reader)
    try reader.refuseIfNeeded()
    return ConsoleConfiguration(
      settings: settings, cookieKey: key, keysRead: reader.namesRead,
      secretsRead: secrets.namesRead)
  }
}
