public import ServiceContract

/// Processor time and memory, as a limit or as a reservation. (S18-HS-09)
public struct Resources: Sendable, Hashable {
  public let cpus: ExactDecimal
  public let memory: ByteCount

  public static func cpus(_ cpus: ExactDecimal, memory: ByteCount) -> Self {
    Self(cpus: cpus, memory: memory)
  }
}

/// What a service may use at most, and what is kept free for it.
public struct Size: Sendable, Hashable {
  public let limit: Resources
  public let reserve: Resources

  public init(limit: Resources, reserve: Resources) {
    self.limit = limit
    self.reserve = reserve
  }
}
