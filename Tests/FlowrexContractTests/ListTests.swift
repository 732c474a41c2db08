import FlowrexContract
import ServiceContract
import Testing

/// Whatever is declared stands in a list: a static that no list holds would be emitted, asked
/// for and checked by nobody.
@Suite struct ListTests {
  @Test func `every metric that is declared is listed`() {
    let declared = ContractSources.wireNames(of: "Counter", "Total", "Gauge", "Histogram")
    #expect(declared.count > 80)
    let listed = Set(Contract.flowrex.metrics.map(\.name))
    for metric in declared {
      #expect(listed.contains(metric.wire), "\(metric.member) stands in no list")
    }
    #expect(listed == Set(declared.map(\.wire)))
    #expect(declared.count == listed.count, "two metrics have one name")
  }

  @Test func `every key that is declared is listed`() {
    let declared = ContractSources.wireNames(of: "Key", "StatedKey")
    #expect(declared.count > 80)
    let listed = Set(Contract.flowrex.keys.map(\.name))
    for key in declared {
      #expect(listed.contains(key.wire), "\(key.member) stands in no list")
    }
    #expect(listed == Set(declared.map(\.wire)))
    #expect(declared.count == listed.count, "two keys have one name")
  }

  @Test func `every secret that is declared is listed once`() {
    let declared = ContractSources.wireNames(of: "SecretKey").map(\.wire).sorted()
    #expect(declared == Contract.flowrex.secrets.map(\.name).sorted())
    #expect(Set(declared).count == declared.count)
  }

  @Test func `every route that is declared is mounted by a program`() {
    let declared = ContractSources.matches(
      #"static let (\w+) = Route\(\s*\.(\w+), (at|page|venue): \.(\w+),"#)
    #expect(declared.count > 70)
    let mounted = Set(Program.allCases.flatMap { $0.routes + $0.insideRoutes + $0.peerRoutes })
    for match in declared {
      let path =
        switch match[3] {
        case "at": Endpoint.allCases.first { "\($0)" == match[4] }?.rawValue
        case "page": ConsoleEndpoint.allCases.first { "\($0)" == match[4] }?.rawValue
        default: VenueEndpoint.allCases.first { "\($0)" == match[4] }?.rawValue
        }
      #expect(
        mounted.contains { "\($0.method)" == match[2] && $0.path == path },
        "\(match[1]) is mounted by nobody")
    }
    // `/metrics` is the one route without a template of its own.
    #expect(mounted.count == declared.count + 1)
  }

  @Test func `every port, limit and cap that is declared is listed`() {
    #expect(
      ContractSources.wireNames(of: "Port").map(\.wire).sorted()
        == Port.flowrex.map(\.name).sorted())
    #expect(LimitClass.flowrex.map(\.name) == LimitClassName.allCases.map(\.rawValue))
    #expect(
      Set(RiskCap.flowrex.map(\.name)) == Set(RiskCapName.allCases.map(\.rawValue)))
    #expect(RiskCap.flowrex.count == RiskCapName.allCases.count)
  }

  @Test func `what the programs use is what the contract holds`() {
    let contract = Contract.flowrex
    let metrics = Set(Program.allCases.flatMap(\.metrics) + Operations.families)
    #expect(metrics == Set(contract.metrics))
    let keys = Set(Program.allCases.flatMap(\.keys) + KeyDeclaration.adapterKeys)
    #expect(keys == Set(contract.keys))
    #expect(Set(Program.allCases.flatMap(\.secrets)).isSubset(of: contract.secrets))
    #expect(Set(Program.allCases.flatMap(\.ports)) == Set(contract.ports))
    #expect(Set(Program.allCases.flatMap(\.routes)) == Set(contract.routes))
  }

  @Test func `no program reads a key of an adapter that does not exist`() {
    let read = Set(Program.allCases.flatMap(\.keys).map(\.name))
    #expect(read.isDisjoint(with: KeyDeclaration.adapterKeys.map(\.name)))
    let secrets = Set(Program.allCases.flatMap(\.secrets))
    #expect(secrets.isDisjoint(with: SecretKey.adapterSecrets))
  }

  @Test(arguments: Program.allCases)
  func `a program names each thing once`(_ program: Program) {
    #expect(Set(program.metrics.map(\.name)).count == program.metrics.count)
    #expect(Set(program.keys.map(\.name)).count == program.keys.count)
    #expect(Set(program.routes).count == program.routes.count)
  }
}
