/// A base image gets repairs. (C-31)
enum BasesAreSupported: AuditRule {
  static let id = "images/bases-are-supported"
  static let why = "holes that are found now are never closed in it"
  static let fix = "move to a release that is maintained"
  static let source = ["C-31"]
  static let wrong = [Fixture.dockerfile("FROM node:16-alpine\nUSER node\n", line: 1)]
  static let right = [Fixture.dockerfile("FROM node:24.1.0-alpine\nUSER node\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let images =
      deployment.dockerfiles.flatMap { file in
        file.stages.map(\.image).filter { !file.isStage($0.value) }
      } + deployment.deployedServices.compactMap(\.image)
    return images.compactMap { image in
      guard let end = EndOfLife.end(of: ImageName(image.value)) else { return nil }
      return .warning("'\(image.value)' is without repairs since \(end)", at: image.spot)
    }
  }
}
