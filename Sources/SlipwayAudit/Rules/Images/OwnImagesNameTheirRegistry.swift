/// An image of one's own says where it comes from.
enum OwnImagesNameTheirRegistry: AuditRule {
  static let id = "images/own-images-name-their-registry"
  static let why =
    "a bare name is asked of the public registry, where anybody may own it"
  static let fix = "write the registry in front of the name, or build the image in place"
  static let source = ["C-30"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": "services:\n  api:\n    image: shop-api:1.2.3\n",
        "Dockerfile": "FROM alpine:3.22.1\nUSER 1000\n",
      ], at: "compose.yml:3")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": "services: {api: {image: 'registry.example.org/shop-api:1.2.3'}}",
      "Dockerfile": "FROM alpine:3.22.1\nUSER 1000\n",
    ]),
    Fixture.files([
      "compose.yml": "services: {api: {image: 'shop-api:1.2.3', build: .}}",
      "Dockerfile": "FROM alpine:3.22.1\nUSER 1000\n",
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.compactMap { service in
      guard service.buildContext == nil, service.product == nil, let image = service.image,
        let name = service.imageName, !name.hasRegistry, !name.repository.contains("/"),
        !name.repository.contains("$"), deployment.dockerfile(of: service) != nil
      else { return nil }
      return Flaw(
        "image '\(image.value)' is built here and names no registry", at: image.spot)
    }
  }
}
