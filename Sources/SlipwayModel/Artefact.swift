package import SlipwayDocuments

/// A file that is to be written.
package struct Artefact: Sendable {
  /// Under the repository's root, with `/` between folders.
  package let path: String
  package let document: Document
  /// Whether its owner may run it.
  package let isExecutable: Bool

  package init(path: String, document: Document, isExecutable: Bool = false) {
    self.path = path
    self.document = document
    self.isExecutable = isExecutable
  }
}

/// A file as bytes.
package struct PrintedArtefact: Sendable, Hashable {
  package let path: String
  package let text: String
  package let isExecutable: Bool
  /// SHA-256 of the bytes; made once, for manifest, drift and plan all ask.
  package let digest: String

  package init(path: String, text: String, isExecutable: Bool) {
    self.path = path
    self.text = text
    self.isExecutable = isExecutable
    digest = SHA256.hex(text)
  }
}
