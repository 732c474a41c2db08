/// A piece of a page.
///
/// Text gets into a page through ``text(_:)`` or an attribute's value, and both are escaped when
/// they are written; there is no way to write markup as text. Names of elements and attributes
/// are closed lists without anything that runs: no `script` with a text, no `style`, no `on…`.
package indirect enum Node: Sendable, ExpressibleByStringLiteral {
  case text(String)
  case element(Tag, [Attribute], [Node])
  /// Several, one after the other.
  case group([Node])

  package init(stringLiteral value: String) { self = .text(value) }

  package static func tag(
    _ tag: Tag, _ attributes: [Attribute], _ children: Node...
  ) -> Node {
    .element(tag, attributes, children)
  }

  package static func tag(_ tag: Tag, _ children: Node...) -> Node {
    .element(tag, [], children)
  }

  package static let nothing = Node.group([])
}

/// The elements that our pages are made of.
package enum Tag: String, Sendable, CaseIterable {
  case html, head, body, title, meta, link, script
  case header, nav, main, footer, section, article, aside
  case h1, h2, h3, p, strong, small, time, code, span, div, a
  case ul, li, dl, dt, dd, ol
  case table, caption, thead, tbody, tr, th, td
  case form, label, input, select, option, button, fieldset, legend, textarea, output

  /// Elements without an end.
  var isVoid: Bool { [.meta, .link, .input].contains(self) }
}

/// An attribute: a name of a closed list, and a value that is escaped when it is written.
package struct Attribute: Sendable {
  let name: String
  /// `nil`: the name alone.
  let value: String?

  private init(_ name: String, _ value: String?) {
    self.name = name
    self.value = value
  }

  package static func `class`(_ names: String) -> Self { Self("class", names) }
  package static func id(_ id: String) -> Self { Self("id", id) }
  package static func lang(_ tag: String) -> Self { Self("lang", tag) }
  package static func charset(_ name: String) -> Self { Self("charset", name) }
  package static func name(_ name: String) -> Self { Self("name", name) }
  package static func content(_ text: String) -> Self { Self("content", text) }
  package static func rel(_ relation: Relation) -> Self { Self("rel", relation.rawValue) }
  package static func type(_ type: String) -> Self { Self("type", type) }
  package static func value(_ text: String) -> Self { Self("value", text) }
  package static func `for`(_ id: String) -> Self { Self("for", id) }
  package static func autocomplete(_ hint: String) -> Self { Self("autocomplete", hint) }
  package static func inputMode(_ mode: String) -> Self { Self("inputmode", mode) }
  package static func maxLength(_ count: Int) -> Self { Self("maxlength", "\(count)") }
  package static func scope(_ scope: String) -> Self { Self("scope", scope) }
  package static func role(_ role: String) -> Self { Self("role", role) }
  package static func label(_ text: String) -> Self { Self("aria-label", text) }
  package static func current() -> Self { Self("aria-current", "page") }
  package static func dateTime(_ text: String) -> Self { Self("datetime", text) }
  package static func data(_ name: DataName, _ value: String) -> Self {
    Self("data-\(name.rawValue)", value)
  }
  package static let required = Self("required", nil)
  package static let selected = Self("selected", nil)
  package static let hidden = Self("hidden", nil)
  package static let `defer` = Self("defer", nil)
  package static let autofocus = Self("autofocus", nil)
  package static let post = Self("method", "post")

  /// Where something leads: only to what ``Link`` can name.
  package static func href(_ link: Link) -> Self { Self("href", link.text) }
  package static func src(_ link: Link) -> Self { Self("src", link.text) }
  package static func action(_ link: Link) -> Self { Self("action", link.text) }

  package enum Relation: String, Sendable { case stylesheet, icon, next }

  /// What the script is told.
  package enum DataName: String, Sendable { case stream, speaks, token, live, state }
}
