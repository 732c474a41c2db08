import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What the edge answers by itself, for people and for programs (RFC 9457). (C-55, S17-RL-06)
enum EdgePages {
  private struct Page {
    let status: Int
    /// As RFC 9110 calls it.
    let title: String
    let detail: String
  }

  private static let pages = [
    Page(status: 400, title: "Bad Request", detail: "The request could not be understood."),
    Page(status: 404, title: "Not Found", detail: "There is nothing at this address."),
    Page(
      status: 405, title: "Method Not Allowed",
      detail: "This address does not take requests of this kind."),
    Page(status: 413, title: "Content Too Large", detail: "The request is larger than allowed."),
    Page(status: 414, title: "URI Too Long", detail: "The address is longer than allowed."),
    Page(
      status: 429, title: "Too Many Requests",
      detail: "Rate limit exceeded. Please try again later."),
    Page(status: 500, title: "Internal Server Error", detail: "Something went wrong on our side."),
    Page(
      status: 502, title: "Bad Gateway",
      detail: "The service could not be reached. Please try again."),
    maintenance,
    Page(
      status: 504, title: "Gateway Timeout",
      detail: "The service took too long. Please look before you try again."),
  ]

  private static let maintenance = Page(
    status: 503, title: "Service Unavailable",
    detail: "The service is being maintained. Please try again in a minute.")

  /// The statuses for which there is a page.
  static let statuses = pages.map(\.status)

  /// `<status>.html` and `<status>.json` for each; 503 is maintenance.
  static func emit(
    _ edge: NginxEdge, in folder: String, using inputs: EmitterInputs
  ) -> Emission {
    var emission = Emission()
    for page in pages {
      let path = folder + "pages/\(page.status)"
      emission.artefacts.append(
        Artefact(path: path + ".json", document: .json(problem(page, of: edge))))
      let template = page.status == maintenance.status ? "maintenance" : "error"
      let holes: [String: Template.Value] = [
        "STATUS": .text(String(page.status)), "TITLE": .text(page.title),
        "DETAIL": .text(page.detail),
      ]
      switch inputs.render("edge/\(template).html", holes) {
      case .failure(let problems): emission.findings += problems.findings
      case .success(let text):
        emission.artefacts.append(
          Artefact(
            path: path + ".html",
            document: .text(TextDocument(text, comments: .markup, from: [edge.origin]))))
      }
    }
    return emission
  }

  private static func problem(_ page: Page, of edge: NginxEdge) -> JSONNode {
    let origins = [edge.origin]
    return .map(
      [
        .entry("type", .string("about:blank", from: origins)),
        .entry("title", .string(page.title, from: origins)),
        .entry("status", .integer(page.status, from: origins)),
        .entry("detail", .string(page.detail, from: origins)),
      ], from: origins)
  }
}
