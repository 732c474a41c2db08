import CLibYAML

/// libyaml's emitter as a value that takes events and hands back bytes.
///
/// The emitter of libyaml 0.2.5 escapes what it holds unprintable, and that is every character
/// beyond U+FFFF and every tab, even in a literal block, which it then turns into one quoted line.
/// So both pass through the emitter as private-use stand-ins and are put back into its output.
final class YAMLEmitter {
  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let sink = Sink()
  private let standIns: YAMLStandIns

  private final class Sink {
    var bytes: [UInt8] = []
  }

  /// An emitter for one document whose strings are `texts`: all of them that `YAMLStandIns` is
  /// concerned with, since stand-ins must be characters that none of them holds.
  ///
  /// - Throws: `PrintError` if libyaml cannot allocate its buffers.
  init(texts: [String]) throws(PrintError) {
    standIns = YAMLStandIns(for: texts)
    emitter = .allocate(capacity: 1)
    guard yaml_emitter_initialize(emitter) == 1 else {
      emitter.deallocate()
      throw PrintError(at: [], "libyaml could not start its emitter")
    }
    let write:
      @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int
      ) -> Int32 = { context, buffer, count in
        guard let context, let buffer else { return 0 }
        Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().bytes
          .append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
        return 1
      }
    yaml_emitter_set_output(emitter, write, Unmanaged.passUnretained(sink).toOpaque())
    yaml_emitter_set_unicode(emitter, 1)
    // No width: a folded string would change with the length of its neighbours.
    yaml_emitter_set_width(emitter, -1)
    yaml_emitter_set_indent(emitter, 2)
  }

  deinit {
    yaml_emitter_delete(emitter)
    emitter.deallocate()
  }

  /// Starts the stream and its only document.
  func begin() throws(PrintError) {
    var event = yaml_event_t()
    try send(yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING), &event)
    try send(yaml_document_start_event_initialize(&event, nil, nil, nil, 1), &event)
  }

  /// Ends the document and the stream.
  ///
  /// - Returns: the document, which ends with a line feed.
  func end() throws(PrintError) -> String {
    var event = yaml_event_t()
    try send(yaml_document_end_event_initialize(&event, 1), &event)
    try send(yaml_stream_end_event_initialize(&event), &event)
    return standIns.restore(sink.bytes)
  }

  /// Writes a scalar in this style.
  ///
  /// - Returns: whether it could be a key in the form `key:`. To libyaml a key that is longer than
  ///   128 bytes or has a line break in it is a complex one, which it writes on two lines.
  @discardableResult
  func scalar(_ text: String, _ style: YAMLScalarStyle) throws(PrintError) -> Bool {
    var event = yaml_event_t()
    var written = standIns.replace(in: text, for: style)
    let made = written.withUTF8 { bytes in
      // The buffer of an empty string may have no address, and libyaml wants one.
      withUnsafePointer(to: 0 as UInt8) { nothing in
        // Both implicit flags, or libyaml writes tags.
        yaml_scalar_event_initialize(
          &event, nil, nil, bytes.baseAddress ?? nothing, Int32(bytes.count), 1, 1, style.cStyle)
      }
    }
    let isSimpleKey = YAMLEmitter.isSimpleKey(written)
    try send(made, &event)
    return isSimpleKey
  }

  /// By `yaml_emitter_check_simple_key` and `IS_BREAK` of libyaml 0.2.5.
  private static func isSimpleKey(_ written: String) -> Bool {
    guard written.utf8.count <= 128 else { return false }
    if written.withBytes({ bytes in bytes.allSatisfy { (0x20...0x7E).contains($0) } }) {
      return true
    }
    return !written.unicodeScalars.contains {
      [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains($0.value)
    }
  }

  /// Starts a sequence in block style.
  func beginList() throws(PrintError) {
    var event = yaml_event_t()
    try send(
      yaml_sequence_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE), &event)
  }

  /// Ends a sequence.
  func endList() throws(PrintError) {
    var event = yaml_event_t()
    try send(yaml_sequence_end_event_initialize(&event), &event)
  }

  /// Starts a mapping in block style.
  func beginMap() throws(PrintError) {
    var event = yaml_event_t()
    try send(
      yaml_mapping_start_event_initialize(&event, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE), &event)
  }

  /// Ends a mapping.
  func endMap() throws(PrintError) {
    var event = yaml_event_t()
    try send(yaml_mapping_end_event_initialize(&event), &event)
  }

  /// Hands an event over; the emitter owns it from here, even when it fails.
  private func send(_ made: Int32, _ event: inout yaml_event_t) throws(PrintError) {
    guard made == 1, yaml_emitter_emit(emitter, &event) == 1 else {
      let problem = emitter.pointee.problem.map { String(cString: $0) } ?? "no memory for an event"
      throw PrintError(at: [], "libyaml: \(problem)")
    }
  }
}

extension YAMLScalarStyle {
  fileprivate var cStyle: yaml_scalar_style_t {
    switch self {
    case .plain: YAML_PLAIN_SCALAR_STYLE
    case .singleQuoted: YAML_SINGLE_QUOTED_SCALAR_STYLE
    case .doubleQuoted: YAML_DOUBLE_QUOTED_SCALAR_STYLE
    case .literal: YAML_LITERAL_SCALAR_STYLE
    }
  }
}
