public import Slipway

/// What `slipway` generates, in the order in which reports name it.
public let all = [
  AnyEnvironment(development), AnyEnvironment(staging), AnyEnvironment(production),
]

/// What is true for all of them.
public let project = Project.flowrex
