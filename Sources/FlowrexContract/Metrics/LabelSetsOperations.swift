public import ServiceContract

/// One series per pool.
public struct PoolLabels: LabelSet {
  public let pool: Label<DatabasePool> = "pool"
  public init() {}
}

/// One series per reason to read from the primary.
public struct FallbackLabels: LabelSet {
  public let reason: Label<ReplicaFallback> = "reason"
  public init() {}
}

/// One series per cache.
public struct CacheLabels: LabelSet {
  public let cache: Label<CacheName> = "cache"
  public init() {}
}

/// One series per dependency.
public struct DependencyLabels: LabelSet {
  public let dependency: Label<Dependency> = "dependency"
  public init() {}
}

/// One series per breaker and state; the current one is 1.
public struct BreakerLabels: LabelSet {
  public let breaker: Label<BreakerName> = "breaker"
  public let state: Label<BreakerState> = "state"
  public init() {}
}

/// Labels of retries.
public struct RetryLabels: LabelSet {
  public let dependency: Label<Dependency> = "dependency"
  public init() {}
}

/// One series per job.
public struct JobLabels: LabelSet {
  public let job: Label<JobName> = "job_name"
  public init() {}
}

/// One series per job and end.
public struct JobRunLabels: LabelSet {
  public let job: Label<JobName> = "job_name"
  public let outcome: Label<RunOutcome> = "outcome"
  public init() {}
}

/// One series per way a piece of work ends.
public struct OutcomeLabels: LabelSet {
  public let outcome: Label<RunOutcome> = "outcome"
  public init() {}
}

/// One series per way a call ends.
public struct CallOutcomeLabels: LabelSet {
  public let outcome: Label<CallOutcome> = "outcome"
  public init() {}
}

/// One series per reason of a failed sign-in.
public struct LoginFailureLabels: LabelSet {
  public let reason: Label<LoginFailure> = "reason"
  public init() {}
}

/// One series per scope of a lock-out.
public struct LockOutLabels: LabelSet {
  public let scope: Label<LockOutScope> = "scope"
  public init() {}
}

/// One series per fault of a token.
public struct TokenFaultLabels: LabelSet {
  public let reason: Label<TokenFault> = "reason"
  public init() {}
}

/// One series per reason not to open a socket.
public struct SocketRefusalLabels: LabelSet {
  public let reason: Label<SocketRefusal> = "reason"
  public init() {}
}

/// One series per severity.
public struct LogLabels: LabelSet {
  public let level: Label<LogSeverity> = "level"
  public init() {}
}

/// Labels of the console's requests.
public struct PageLabels: LabelSet {
  public let method: Label<HTTPMethod> = "method"
  public let page: Label<ConsoleEndpoint> = "page"
  public let status: Label<StatusClass> = "status"
  public init() {}
}

/// One series per page of the console.
public struct PageDurationLabels: LabelSet {
  public let page: Label<ConsoleEndpoint> = "page"
  public init() {}
}

/// Which build this is.
///
/// The only open labels of the contract: a version and a commit cannot be listed before they
/// exist. The series stay few all the same: one per process and release.
public struct BuildLabels: LabelSet {
  public let version: OpenLabel = "version"
  public let commit: OpenLabel = "commit"
  /// The digest of this contract, so that the deployment can refuse files made for another one.
  public let contract: OpenLabel = "contract_digest"
  public init() {}
}
