import SlipwayDocuments
package import SlipwayModel

/// Writes the page of an environment that a reviewer reads first. (design §5)
package struct EnvironmentPageEmitter: Emitter {
  package static let name = "page"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    let page = EnvironmentReadme(environment: environment).page
    return Emission([
      Artefact(path: environment.folder + "README.md", document: .text(page.document))
    ])
  }
}
