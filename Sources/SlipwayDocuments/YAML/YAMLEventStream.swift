import CLibYAML

/// One event of libyaml's parser, copied out of its memory.
struct YAMLEvent {
  /// What happened.
  enum Kind: Hashable {
    case documentStart
    case documentEnd
    case scalar(text: String, isPlain: Bool)
    case alias(String)
    case listStart
    case listEnd
    case mapStart
    case mapEnd
  }

  var kind: Kind
  /// The name behind `&`, if the node has one.
  var anchor: String?
  /// The resolved tag, if one is written.
  var tag: String?
  /// Where the event begins.
  var start: Position
  /// Where it ends; exclusive.
  var end: Position
}

/// libyaml's parser as a sequence of events.
final class YAMLEventStream {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  // The parser keeps a pointer into the input, so the input lives as long as the parser.
  private let input: UnsafeMutableBufferPointer<UInt8>
  private var isOver = false

  /// A parser over `text`.
  ///
  /// - Throws: `SyntaxError` if the text exceeds `DocumentLimits.bytes` or libyaml has no memory.
  convenience init(_ text: String) throws(SyntaxError) {
    try self.init(bytes: Array(text.utf8))
  }

  /// A parser over bytes of any kind; libyaml itself refuses what is not UTF-8 or UTF-16.
  ///
  /// - Throws: `SyntaxError` if there are more than `DocumentLimits.bytes`.
  init(bytes: [UInt8]) throws(SyntaxError) {
    let start = Position(line: 1, column: 1)
    guard bytes.count <= DocumentLimits.bytes else {
      throw SyntaxError(at: start, "the text is larger than \(DocumentLimits.bytes) bytes")
    }
    input = .allocate(capacity: max(1, bytes.count))
    _ = input.initialize(from: bytes)
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      input.deallocate()
      parser.deallocate()
      throw SyntaxError(at: start, "libyaml could not start its parser")
    }
    yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// The next event, or `nil` after the last document.
  ///
  /// - Throws: `SyntaxError` with libyaml's own words.
  func next() throws(SyntaxError) -> YAMLEvent? {
    while !isOver {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else {
        isOver = true
        throw failure()
      }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_NO_EVENT, YAML_STREAM_END_EVENT: isOver = true
      case YAML_STREAM_START_EVENT: continue
      default:
        if let copy = YAMLEvent(event) { return copy }
      }
    }
    return nil
  }

  private func failure() -> SyntaxError {
    let state = parser.pointee
    var message = state.problem.map { String(cString: $0) } ?? "unreadable"
    if let context = state.context { message = String(cString: context) + ", " + message }
    if state.error == YAML_READER_ERROR {
      // Before a character is known the parser has no mark but an offset in bytes.
      let before = input.prefix(state.problem_offset)
      let line = 1 + before.count { $0 == 0x0A }
      let column = before.reversed().prefix { $0 != 0x0A }.count
      return SyntaxError(at: Position(line: line, column: column + 1), message)
    }
    return SyntaxError(at: Position(state.problem_mark), message)
  }
}

extension Position {
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}

extension YAMLEvent {
  /// A copy of libyaml's event, or `nil` for one that says nothing about a document.
  fileprivate init?(_ event: yaml_event_t) {
    func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
      bytes.map { String(cString: $0) }
    }
    start = Position(event.start_mark)
    end = Position(event.end_mark)
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias(text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = .scalar(
        text: String(decoding: bytes, as: UTF8.self),
        isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
      (anchor, tag) = (text(scalar.anchor), text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      kind = .listStart
      let list = event.data.sequence_start
      (anchor, tag) = (text(list.anchor), text(list.tag))
    case YAML_SEQUENCE_END_EVENT: kind = .listEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mapStart
      let map = event.data.mapping_start
      (anchor, tag) = (text(map.anchor), text(map.tag))
    case YAML_MAPPING_END_EVENT: kind = .mapEnd
    default: return nil
    }
  }
}
