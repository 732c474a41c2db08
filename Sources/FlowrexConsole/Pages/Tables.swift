/// A column of a list: its title, where its value stands in an item, and how it is shown.
struct Column: Sendable {
  enum Kind: Sendable {
    case text
    /// To the right, digits of one width.
    case number
    /// RFC 3339, in UTC.
    case moment
    /// A word of a closed list, as a mark.
    case state
    /// Such a word, plain.
    case words
    /// A name that nobody reads: its end, which is drawn, tells it from others.
    case id
    /// A part of one, as a percentage.
    case share
  }

  let title: String
  let path: String
  let kind: Kind
  /// Where the value leads.
  var link: (@Sendable (JSONValue) -> Link?)?

  init(
    _ title: String, _ path: String, _ kind: Kind = .text,
    link: (@Sendable (JSONValue) -> Link?)? = nil
  ) {
    self.title = title
    self.path = path
    self.kind = kind
    self.link = link
  }

  /// Numbers stand to the right, digits under digits.
  var alignment: [Attribute] { kind == .number || kind == .share ? [.class("number")] : [] }

  func cell(_ item: JSONValue) -> Node {
    let value = item.value(at: path)
    let shown = Shown.node(value, kind)
    let content = link?(item).map { Node.tag(.a, [.href($0)], shown) } ?? shown
    return .tag(.td, alignment, content)
  }
}

/// Values as they stand in a page.
enum Shown {
  static func node(_ value: JSONValue, _ kind: Column.Kind) -> Node {
    let text = value.shown
    guard !text.isEmpty else { return .tag(.span, [.class("none")], "—") }
    switch kind {
    case .text: return .text(text)
    case .number: return .text(grouped(text))
    case .id: return .tag(.code, .text(String(text.suffix(12))))
    case .words: return .text(words(text))
    case .share: return .text(share(text))
    case .moment: return moment(text)
    case .state: return .tag(.span, [.class("mark \(tone(text))")], .text(words(text)))
    }
  }

  /// To the second; the rest stands in the attribute.
  private static func moment(_ text: String) -> Node {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2, text.hasSuffix("Z") else { return .text(text) }
    let time = parts[1].prefix { $0 != "." && $0 != "Z" }
    return .tag(.time, [.dateTime(text)], .text("\(parts[0]) \(time) UTC"))
  }

  /// `1234567.5 USD` is "1 234 567.5 USD": spaces that do not break, and nothing is rounded.
  static func grouped(_ text: String) -> String {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    let start = text.hasPrefix("-") ? text.index(after: text.startIndex) : text.startIndex
    let end =
      text.utf8[start...].firstIndex { !digits.contains($0) } ?? text.endIndex
    var whole = ""
    for (index, digit) in text[start..<end].reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { whole.append("\u{202F}") }
      whole.append(digit)
    }
    return text[..<start] + String(whole.reversed()) + text[end...]
  }

  /// `0.125` is "12.5 %": the point moves, and nothing is rounded.
  static func share(_ text: String) -> String {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let isNumber =
      (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
      }
    guard isNumber else { return text }
    var fraction = parts.count == 2 ? parts[1] : ""
    while fraction.count < 2 { fraction += "0" }
    let whole = (parts[0] + fraction.prefix(2)).drop { $0 == "0" }
    var rest = fraction.dropFirst(2)
    while rest.last == "0" { rest.removeLast() }
    return "\(whole.isEmpty ? "0" : whole)\(rest.isEmpty ? "" : ".\(rest)") %"
  }

  /// `awaiting_approval` is "awaiting approval".
  static func words(_ name: String) -> String { name.replacing("_", with: " ") }

  /// `open_orders` is "Open orders", `is_open` is "Open", `cash_usd` is "Cash USD".
  static func title(_ name: String) -> String {
    let plain = name.hasPrefix("is_") ? String(name.dropFirst(3)) : name
    let words = words(plain).replacing(/\busd$/, with: "USD").replacing(/\bid$/, with: "ID")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  /// How a state is coloured; the word itself is always there.
  private static func tone(_ state: String) -> String {
    switch state {
    case "active", "filled", "approved", "agrees": "good"
    case "halted", "rejected", "denied", "differs": "bad"
    case "reducing", "awaiting_approval", "partially_filled", "pending", "unknown", "expired":
      "note"
    default: "plain"
    }
  }
}

extension View {
  /// A list of items, or a word when there are none.
  func table(
    _ caption: String, _ columns: [Column], _ items: [JSONValue],
    actions: ((JSONValue) -> [Node])? = nil
  ) -> Node {
    guard !items.isEmpty else { return .tag(.p, [.class("none")], "Nothing here.") }
    let titles = columns.map { column in
      Node.tag(.th, [.scope("col")] + column.alignment, .text(column.title))
    }
    let last: [Node] = actions == nil ? [] : [.tag(.th, [.scope("col")], "Actions")]
    let rows = items.map { item in
      Node.element(
        .tr, [],
        columns.map { $0.cell(item) }
          + (actions.map { [.element(.td, [.class("actions")], $0(item))] } ?? []))
    }
    return .tag(
      .div, [.class("scroll")],
      .tag(
        .table, .tag(.caption, .text(caption)),
        .tag(.thead, .element(.tr, [], titles + last)), .element(.tbody, [], rows)))
  }

  /// Every field of an object: those that are known first, in their order, then the rest; what
  /// has parts of its own follows in a list.
  func facts(_ value: JSONValue, first known: [String] = [], without: Set<String> = []) -> Node {
    let names = value.fields.keys.filter { !without.contains($0) }
    let rest = names.filter { !known.contains($0) }.sorted()
    let order = known.filter { names.contains($0) } + rest
    let plain = order.filter { value[$0].isPlain }
    let rows: [Node] = plain.flatMap { name in
      [
        Node.tag(.dt, .text(Shown.title(name))),
        Node.tag(.dd, Shown.node(value[name], Self.kind(of: name))),
      ]
    }
    let parts: [Node] = order.filter { !value[$0].isPlain }.map { name in
      part(name, value[name])
    }
    return .group([rows.isEmpty ? .nothing : .element(.dl, [.class("facts")], rows)] + parts)
  }

  private func part(_ name: String, _ value: JSONValue) -> Node {
    let heading = Node.tag(.h2, .text(Shown.title(name)))
    guard case .list(let items) = value else { return .tag(.section, heading, facts(value)) }
    var names: [String] = []
    for item in items { names += item.fields.keys.sorted().filter { !names.contains($0) } }
    let columns = names.map { Column(Shown.title($0), $0, Self.kind(of: $0)) }
    return .tag(.section, heading, table(Shown.title(name), columns, items))
  }

  static func kind(of name: String) -> Column.Kind {
    if name.hasSuffix("_at") || name == "as_of" || name == "at" { return .moment }
    if ["purpose", "life", "execution_mode"].contains(name) { return .words }
    if name.hasSuffix("_usd") { return .number }
    return ["state", "status", "kind", "event"].contains(name) || name.hasSuffix("_state")
      ? .state : .text
  }

  /// Something that was asked for, or why it is not there.
  func section<Value>(
    _ title: String?, _ result: Result<Value, APIFault>, _ content: (Value) -> Node
  ) -> Node {
    let heading = title.map { Node.tag(.h2, .text($0)) } ?? .nothing
    switch result {
    case .success(let value): return .tag(.section, heading, content(value))
    case .failure(let fault): return .tag(.section, heading, Notice(fault).node)
    }
  }

  /// To the next page of a list.
  func more(_ page: ConsoleEndpointLink, _ next: String?) -> Node {
    guard let next else { return .nothing }
    return .tag(
      .p, [.class("more")],
      .tag(.a, [.rel(.next), .href(page(next))], "Older"))
  }
}

/// Makes the address of a page of a list from where it begins.
typealias ConsoleEndpointLink = (String) -> Link

extension JSONValue {
  /// Fits into a line: no object, and no list of objects.
  fileprivate var isPlain: Bool {
    switch self {
    case .object: false
    case .list(let items):
      !items.isEmpty && items.allSatisfy { $0.fields.isEmpty && $0.items.isEmpty }
    default: true
    }
  }
}
