/// A program in a container is not the root of it. (S18-CL-CON)
enum ContainersRunAsUsers: AuditRule {
  static let id = "dockerfiles/containers-run-as-users"
  static let why = "who breaks out of the program starts as root on the way to the machine"
  static let fix = "make a user and name it with 'USER' before 'CMD'"
  static let source = ["S18-CL-CON", "C-31"]
  static let wrong = [
    Fixture.dockerfile("FROM python:3.13.1-slim\nCMD [\"python\", \"app.py\"]\n", line: 1)
  ]
  static let right = [
    Fixture.dockerfile("FROM python:3.13.1-slim\nUSER 1000\nCMD [\"python\", \"app.py\"]\n"),
    Fixture.dockerfile("FROM gcr.io/distroless/static:nonroot\nCMD [\"/app\"]\n"),
    Fixture.dockerfile("FROM scratch\nCOPY a /a\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dockerfiles.compactMap { file in
      guard let last = file.last, !last.base.mentions("nonroot", "unprivileged", "rootless"),
        last.base != "scratch", Product.of(ImageName(last.base)) == nil
      else { return nil }
      let user = file.finalSteps.last { $0.keyword == "USER" }
      let starts = file.finalSteps.contains { ["CMD", "ENTRYPOINT"].contains($0.keyword) }
      let name = user?.text.cut(at: ":").before
      // An entry point may take the rights away itself.
      let drops = file.finalSteps.contains {
        $0.text.mentions("gosu", "su-exec", "setpriv", "entrypoint")
      }
      let fromService = deployment.services(of: file).contains {
        $0.user != nil && $0.user != "root"
      }
      guard starts, !drops, !fromService, name == nil || name == "root" || name == "0" else {
        return nil
      }
      return .warning("the image runs as root", at: user?.spot ?? last.image.spot)
    }
  }
}
