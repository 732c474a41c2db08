/// One step from a node of a document to one of its children.
package enum PathStep: Hashable, Sendable {
  /// The value of this key of a mapping or object.
  case key(String)
  /// The element with this index, counted from 0, of a sequence or array.
  case index(Int)
  /// The `occurrence`-th child, counted from 0, among the siblings of this name: a directive of
  /// nginx, an instruction of a Dockerfile, where names repeat.
  case nth(String, Int)
}

/// The way from the root of a document to one of its nodes.
///
/// It prints as reviewers write it: `services.postgres.ports[0]`, `http.server[1].listen`. A key
/// that is not a plain word is quoted: `labels."com.example.tier"`.
package struct DocumentPath: Hashable, Sendable, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  /// The steps, outermost first; empty for the root.
  package var steps: [PathStep]

  /// A path of these steps, outermost first.
  package init(_ steps: [PathStep] = []) { self.steps = steps }

  package init(arrayLiteral elements: PathStep...) { self.init(elements) }

  /// The path of the node around this one, or `nil` at the root.
  package var parent: DocumentPath? {
    steps.isEmpty ? nil : DocumentPath(Array(steps.dropLast()))
  }

  /// The path of a child of this node.
  package func appending(_ step: PathStep) -> DocumentPath { DocumentPath(steps + [step]) }

  package var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index):
        text += "[\(index)]"
      case .key(let key):
        text += (text.isEmpty ? "" : ".") + Self.word(key)
      case .nth(let name, let occurrence):
        text += (text.isEmpty ? "" : ".") + Self.word(name)
        if occurrence > 0 { text += "[\(occurrence)]" }
      }
    }
    return text
  }

  private static func word(_ key: String) -> String {
    let plain = key.utf8.allSatisfy { byte in
      byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        || byte == UInt8(ascii: "#") || byte.isASCIILetter || byte.isASCIIDigit
    }
    return plain && !key.isEmpty ? key : key.quotedForMessage
  }
}
