public import ServiceContract
public import SlipwayDiagnostics

/// How a commit becomes what runs in an environment.
public struct Delivery<S: Stage>: Sendable {
  package let value: DeliveryValue?
}

extension Delivery where S: Deployed {
  /// - Parameters:
  ///   - branch: A push to it starts the delivery. (S17-CI-11, 12)
  ///   - after: The environment that must have taken the same images before.
  ///   - tells: Who hears of success, failure and rollback. (C-68)
  public static func from(
    branch: String, after: String? = nil, tells: [Receiver],
    file: String = #filePath, line: Int = #line
  ) -> Self {
    Self(
      value: DeliveryValue(
        branch: branch, after: after, tells: tells, origin: Origin(file: file, line: line)))
  }
}

extension Delivery<Development> {
  /// A developer starts it by hand.
  public static var byHand: Self { .init(value: nil) }
}

package struct DeliveryValue: Sendable {
  package let branch: String
  package let after: String?
  package let tells: [Receiver]
  package let origin: Origin
}

/// The least line coverage with which a release may go out; never below 80 %. (S17-HS-02)
public enum CoverageFloor: Int, Sendable, CaseIterable {
  case eighty = 80
  case eightyFive = 85
  case ninety = 90
  case ninetyFive = 95
}

/// What is true for all environments of a repository.
public struct Project: Sendable {
  public let name: String
  public package(set) var contract: Contract
  /// Catalogues of the exporters that run beside the service.
  public let exporters: [MetricFamily]
  /// Where first-party images are pushed to: `registry.example.com/shop`.
  public let registry: String
  /// The repository's page, for links in alerts and documents.
  public let home: String
  public let coverage: CoverageFloor
  /// In what environments may differ, and why. (``Difference``)
  public let differences: [Difference]
  /// What a person lets pass for a time, and why. (``Waiver``)
  public package(set) var waivers: [Waiver]
  public let origin: Origin

  public init(
    _ name: String, contract: Contract, exporters: [MetricFamily] = [], registry: String,
    home: String, coverage: CoverageFloor = .eighty, differences: [Difference] = [],
    waivers: [Waiver] = [],
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.contract = contract
    self.exporters = exporters
    self.registry = registry
    self.home = home
    self.coverage = coverage
    self.differences = differences
    self.waivers = waivers
    origin = Origin(file: file, line: line)
  }
}
