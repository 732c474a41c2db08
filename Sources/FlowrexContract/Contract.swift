public import ServiceContract

extension Contract {
  /// Everything that Flowrex and the files that deploy it agree on.
  public static let flowrex = Contract(
    name: "flowrex",
    metrics: once(Program.allCases.flatMap(\.metrics), \.name), measured: Operations.families,
    keys: once(Program.allCases.flatMap(\.keys) + KeyDeclaration.adapterKeys, \.name),
    secrets: SecretKey.flowrex,
    deniedSecrets: deniedSecretDigests,
    distinctSecrets: SecretKey.distinctPairs,
    floors: ModuleFloor.flowrex,
    routes: Route.backendRoutes + Route.consoleRoutes,
    ports: Port.flowrex,
    limits: LimitClass.flowrex,
    caps: RiskCap.flowrex,
    capProofs: ["RiskTests"],
    bindings: .flowrex,
    timeouts: Timeouts.chain)

  /// The first item of each name, in the order in which they come.
  private static func once<Item>(_ items: [Item], _ name: (Item) -> String) -> [Item] {
    var seen: Set<String> = []
    return items.filter { seen.insert(name($0)).inserted }
  }
}
