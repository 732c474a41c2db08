package import FlowrexContract
package import ServiceContract

/// What every process of Flowrex is told. (S17-SEC-08)
package struct ProcessSettings: Sendable {
  package let stage: StageKind
  package let component: String
  package let version: String
  package let commit: String
  package let buildID: String
  package let appName: String
  package let secretsDirectory: String
  package let logLevel: DevelopmentLogLevel
  package let logFormat: LogFormat
  package let logFile: LogFileSettings?

  /// - Parameter program: Names the component on a laptop, where nobody else does.
  init(_ reader: inout KeyReader, of program: Program = .backend) {
    stage = reader.stage
    let component = reader.value(Derived.component)
    let isNamed = stage.isDeployed || reader.isStated(Derived.component.name)
    self.component = isNamed ? component : program.rawValue
    version = reader.stamp(Stamped.version)
    commit = reader.stamp(Stamped.commit)
    buildID = reader.stamp(Stamped.buildID)
    appName = reader.value(Setting.appName)
    secretsDirectory = reader.value(Derived.secretsDirectory)
    logLevel = reader.logLevel()
    logFormat = reader.value(Stated.logFormat)
    let isFileWanted = reader.value(Setting.logFile)
    let file = LogFileSettings(
      path: reader.value(Setting.logFilePath), size: reader.value(Setting.logFileSize),
      count: reader.value(Setting.logFileCount, in: 1...100))
    logFile = isFileWanted ? file : nil
  }
}

/// Where lines also go, if a file is wanted. (S17-VAR-49 … 52, C-20)
package struct LogFileSettings: Sendable {
  package let path: String
  package let size: ByteCount
  package let count: Int
}

/// What a process that stays up is told. (C-33, C-35)
package struct LifeSettings: Sendable {
  package let threads: Int
  package let metricsPort: Int
  /// Where traces go; `nil` is nowhere.
  package let traces: TraceEndpoint?
  package let traceSampling: Ratio
  /// New requests are still taken for so long after the signal to stop. (engine fact F9)
  package let drainAccept: Duration
  /// From the signal to the end of what is left.
  package let drain: Duration
  package let upstreamTimeout: Duration
  package let dependencyWait: Duration

  init(_ reader: inout KeyReader) {
    threads = reader.value(Setting.threads, in: 1...256)
    metricsPort = reader.value(Stated.metricsPort, in: 1...65_535)
    let endpoint = reader.value(Setting.traces)
    traces = TraceEndpoint(endpoint)
    if traces == nil, !endpoint.isEmpty {
      reader.refuse(Setting.traces.name, "must look like `http://host:4318`")
    }
    traceSampling = reader.value(Setting.traceSampling)
    drainAccept = reader.value(Setting.drainAccept)
    drain = reader.span(Setting.drain)
    if drainAccept >= drain {
      reader.refuse(Setting.drainAccept.name, "must be below \(Setting.drain.name)")
    }
    upstreamTimeout = reader.span(Setting.upstreamTimeout)
    dependencyWait = reader.span(Setting.dependencyWait)
  }
}

/// What a process that answers people is told.
package struct PublicSettings: Sendable {
  /// Details of faults in answers. (S17-HS-06)
  package let debug: Bool
  package let host: String
  package let maxBody: ByteCount
  package let requestTimeout: Duration
  package let consoleURL: String
  package let trustedHosts: [String]
  package let trustedProxies: [AddressBlock]

  init(_ reader: inout KeyReader) {
    debug = reader.value(Stated.debug)
    host = reader.value(Setting.backendHost)
    maxBody = reader.value(Setting.maxBody)
    requestTimeout = reader.span(Setting.requestTimeout)
    consoleURL = reader.value(Derived.consoleURL)
    trustedHosts = reader.value(Derived.trustedHosts).map { $0.lowercased() }
    trustedProxies = reader.value(Setting.trustedProxies).compactMap { AddressBlock($0.text) }
    if trustedHosts.contains("*") || trustedHosts.isEmpty {
      reader.refuse(Derived.trustedHosts.name, "names each host, and `*` is none")
    }
  }
}

/// What the API is told of clients, tokens and streams.
package struct APISettings: Sendable {
  package let port: Int
  package let url: String
  package let origins: [String]
  package let areCredentialsAllowed: Bool
  package let areLimitsOn: Bool
  package let issuer: String
  package let audience: String
  package let algorithm: TokenAlgorithm
  package let accessLife: Duration
  package let refreshLife: Duration
  /// The cost of bcrypt, 12 to 14.
  package let passwordCost: Int
  package let stream: StreamSettings

  init(_ reader: inout KeyReader) {
    port = reader.value(Stated.backendPort, in: 1...65_535)
    url = reader.value(Derived.apiURL)
    origins = reader.value(Derived.corsOrigins)
    areCredentialsAllowed = reader.value(Setting.corsCredentials)
    areLimitsOn = reader.value(Stated.rateLimits)
    issuer = reader.value(Derived.tokenIssuer)
    audience = reader.value(Derived.tokenAudience)
    algorithm = reader.value(Setting.tokenAlgorithm)
    accessLife = .minutes(Int(reader.value(Setting.accessTokenLife).rawValue) ?? 5)
    refreshLife = .days(Int(reader.value(Setting.refreshTokenLife).rawValue) ?? 1)
    passwordCost = Int(reader.value(Setting.passwordCost).rawValue) ?? 12
    stream = StreamSettings(&reader)
    for (name, text) in [
      (Derived.tokenIssuer.name, issuer), (Derived.tokenAudience.name, audience),
    ] where text.isEmpty {
      reader.refuse(name, "is empty")
    }
    if origins.contains(where: { !OriginText.isOrigin($0) }) {
      reader.refuse(
        Derived.corsOrigins.name, "names each origin as `https://host`, and `*` is none")
    }
  }
}

/// What the WebSocket is told. (S17-VAR-37 … 39, S04-RL-06)
package struct StreamSettings: Sendable {
  package let heartbeat: Duration
  package let limit: Int
  package let perUser: Int
  package let queue: Int
  package let message: ByteCount
  package let sendTimeout: Duration

  init(_ reader: inout KeyReader) {
    heartbeat = reader.span(Setting.webSocketHeartbeat)
    limit = reader.value(Setting.webSocketLimit, in: 1...100_000)
    perUser = reader.value(Setting.webSocketPerUser, in: 1...1_000)
    queue = reader.value(Setting.webSocketQueue, in: 1...100_000)
    message = reader.value(Setting.webSocketMessage)
    sendTimeout = reader.span(Setting.webSocketSendTimeout)
  }
}

/// An origin as a browser sends it: scheme, host, perhaps a port, and nothing else. (C-15)
enum OriginText {
  static func isOrigin(_ text: String) -> Bool {
    for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
      let host = text.dropFirst(scheme.count)
      return !host.isEmpty && host == host.lowercased()
        && host.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "["),
            UInt8(ascii: "]"):
            true
          default: false
          }
        }
    }
    return false
  }
}
