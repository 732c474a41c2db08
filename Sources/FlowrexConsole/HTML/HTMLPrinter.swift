/// Writes nodes as HTML: the one place where markup is made, and where text is escaped.
package enum HTMLPrinter {
  package static func page(_ root: Node) -> String {
    var text = "<!doctype html>\n"
    write(root, to: &text)
    text += "\n"
    return text
  }

  package static func text(_ node: Node) -> String {
    var text = ""
    write(node, to: &text)
    return text
  }

  private static func write(_ node: Node, to text: inout String) {
    switch node {
    case .text(let content): escape(content, to: &text)
    case .group(let nodes): for node in nodes { write(node, to: &text) }
    case .element(let tag, let attributes, let children):
      text += "<\(tag.rawValue)"
      for attribute in attributes {
        text += " \(attribute.name)"
        guard let value = attribute.value else { continue }
        text += "=\""
        escape(value, to: &text)
        text += "\""
      }
      text += ">"
      guard !tag.isVoid else { return }
      for child in children { write(child, to: &text) }
      text += "</\(tag.rawValue)>"
    }
  }

  /// Every character that could end a text or a quoted value, and what no page may hold.
  private static func escape(_ content: String, to text: inout String) {
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "`": text += "&#96;"
      case "\t", "\n": text.unicodeScalars.append(scalar)
      // Control characters, and those that turn the direction of what follows.
      case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
        "\u{2066}"..."\u{2069}":
        text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
