import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// An image that the repository builds, with everything that environments say about it.
struct FirstPartyImage {
  enum Contents {
    case swift(SwiftImage)
    /// PostgreSQL with the program that archives its log. (F18)
    case postgres
  }

  /// The repository under the registry: `shop-backend`.
  let name: String
  let contents: Contents
  let origins: [Origin]

  /// The key of the release record: `SHOP_BACKEND_IMAGE`.
  var variable: String { name.map { $0 == "-" ? "_" : $0.uppercased() }.joined() + "_IMAGE" }
  var dockerfile: String { "generated/docker/\(name).Dockerfile" }

  /// The words with which the image prints the schema it expects; empty if it has none.
  var schema: [String] {
    if case .swift(let image) = contents { image.schema } else { [] }
  }
}

/// An image around an executable written in Swift.
struct SwiftImage {
  let product: String
  /// The record of the dependency graph.
  let pins: Image.SwiftPins
  /// Paths of the working tree that the executable is made of.
  let code: [String]
  let buildNeeds: [SystemPackage]
  let runtimeNeeds: [SystemPackage]
  let schema: [String]
  /// The components that run it, in the order in which environments name them.
  let components: [Component]
}

extension FirstPartyImage {
  /// All images of some environments, ours first, each once.
  static func all(of environments: [ResolvedEnvironment]) -> [FirstPartyImage] {
    var images: [FirstPartyImage] = []
    for component in components(of: environments) {
      let image = component.image
      guard !images.contains(where: { $0.name == image.name }) else { continue }
      let users = components(of: environments).filter { $0.image.name == image.name }
      switch image.build {
      case .swift(let product, let pins, _, let buildNeeds, let runtimeNeeds, let schema):
        let contents = SwiftImage(
          product: product, pins: pins, code: image.code, buildNeeds: buildNeeds,
          runtimeNeeds: runtimeNeeds, schema: schema, components: users)
        images.append(
          FirstPartyImage(name: image.name, contents: .swift(contents), origins: [image.origin]))
      }
    }
    return images + databaseImages(of: environments)
  }

  /// Two images of one name that are built differently: only one of them would be pushed.
  static func conflicts(in environments: [ResolvedEnvironment]) -> [Finding] {
    var seen: [Image] = []
    var findings: [Finding] = []
    for image in components(of: environments).map(\.image) {
      guard let first = seen.first(where: { $0.name == image.name }) else {
        seen.append(image)
        continue
      }
      guard first.build != image.build else { continue }
      findings.append(
        Finding(
          rule: "docker/images-are-built-one-way",
          message: "image '\(image.name)' is described twice, and differently",
          written: [image.origin, first.origin], label: "described again",
          why: "a registry holds one image of a name; the second would replace the first",
          fix: "give one of them another name, or describe it once"))
    }
    return findings
  }

  private static func components(of environments: [ResolvedEnvironment]) -> [Component] {
    var found: [Component] = []
    for run in environments.flatMap(\.specification.runs) where !found.contains(run.component) {
      found.append(run.component)
    }
    return found
  }

  /// The image of PostgreSQL, if some environment takes it from a release record.
  private static func databaseImages(of environments: [ResolvedEnvironment]) -> [FirstPartyImage] {
    let name = "\(environments.first?.project.contract.name ?? "")-postgres"
    let image = FirstPartyImage(name: name, contents: .postgres, origins: [])
    let users = environments.filter { environment in
      environment.services.contains { $0.image == .release(variable: image.variable) }
    }
    guard !users.isEmpty else { return [] }
    let origins = users.compactMap { $0.specification.database?.origin }
    return [FirstPartyImage(name: name, contents: .postgres, origins: origins)]
  }
}
