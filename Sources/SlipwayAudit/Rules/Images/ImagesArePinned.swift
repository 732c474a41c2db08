/// An image is named so that it is the same tomorrow. (C-30)
enum ImagesArePinned: AuditRule {
  static let id = "images/images-are-pinned"
  static let why = "a tag that moves deploys what nobody tested, and a rollback has no fixed point"
  static let fix = "name a full version, best with its digest: name:1.2.3@sha256:…"
  static let source = ["C-30"]
  static let wrong = [
    Fixture.compose("services:\n  web:\n    image: shop/web:latest\n", line: 3),
    Fixture.compose("services:\n  web:\n    image: ${REGISTRY}/web:${VERSION:-latest}\n", line: 3),
    Fixture.compose("services:\n  edge:\n    image: nginx:alpine\n", line: 3),
    Fixture.workflow(
      """
      on: push
      jobs:
        test:
          runs-on: ubuntu-24.04
          services:
            cache:
              image: redis
      """, line: 7),
  ]
  static let right = [
    Fixture.compose("services: {web: {image: 'shop/web:1.2.3'}}"),
    Fixture.compose("services: {web: {image: 'shop/web@sha256:0f'}}"),
    Fixture.compose("services: {web: {image: '${IMAGE:?which}'}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let images =
      deployment.deployedServices.filter { $0.buildContext == nil }.compactMap(\.image)
      + deployment.workflows.flatMap(\.jobs).flatMap(\.services).map(\.image)
    return images.compactMap(flaw)
  }

  private static func flaw(_ image: Text) -> Flaw? {
    let name = ImageName(image.value)
    guard !name.hasDigest, !name.isDecidedOutside else { return nil }
    guard let tag = name.tag else {
      return Flaw("image '\(image.value)' has no tag, which means 'latest'", at: image.spot)
    }
    if tag == "latest" || tag == "stable" || tag == "edge" {
      return Flaw("image '\(image.value)' has the moving tag '\(tag)'", at: image.spot)
    }
    if !tag.contains(where: \.isNumber) {
      return Flaw(
        "image '\(image.value)' has the tag '\(tag)', which names no version", at: image.spot)
    }
    let version = tag.prefix { $0 != "-" }
    if !version.contains("."), version.count < 4 {
      return .warning(
        "image '\(image.value)' names only the major version '\(version)'", at: image.spot)
    }
    return nil
  }
}
