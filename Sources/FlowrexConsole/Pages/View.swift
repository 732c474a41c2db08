package import FlowrexContract
package import ServiceContract

/// What every page of a process is told.
package struct Site: Sendable {
  let name: String
  let stage: StageKind
  /// Where browsers open the stream.
  let stream: String
  let files: StaticFiles

  package init(name: String, stage: StageKind, stream: String, files: StaticFiles) {
    self.name = name
    self.stage = stage
    self.stream = stream
    self.files = files
  }
}

/// What one page is told beside its content.
package struct View: Sendable {
  let site: Site
  let page: ConsoleEndpoint
  /// `nil` while nobody is signed in.
  let session: ConsoleSession?
  /// What each of the page's forms carries.
  let formToken: String

  package init(
    _ site: Site, _ page: ConsoleEndpoint, session: ConsoleSession?, formToken: String
  ) {
    self.site = site
    self.page = page
    self.session = session
    self.formToken = formToken
  }

  /// The name of the hidden field with the token.
  package static let tokenField = "form_token"

  /// A form that posts to a page of ours, with the session's token in it.
  func form(
    _ link: Link, _ attributes: [Attribute] = [], _ fields: Node...
  ) -> Node {
    .element(
      .form, [.post, .action(link)] + attributes, [hidden(Self.tokenField, formToken)] + fields)
  }

  func hidden(_ name: String, _ value: String) -> Node {
    .tag(.input, [.type("hidden"), .name(name), .value(value)])
  }
}
