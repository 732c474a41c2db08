package import FlowrexTrading
import Foundation
import Glibc

/// Which venue a journal belongs to: its first line.
package struct JournalHeader: Codable, Hashable, Sendable {
  package let format: Int
  package let venue: String
  package let guarantee: String
  package let seed: UInt64
  /// Names the journal for as long as it is kept. (``VenueNews/epoch``)
  package let epoch: Int64

  package init(venue: String, _ guarantee: SubmitGuarantee, seed: UInt64, epoch: Int64) {
    format = 1
    self.venue = venue
    self.guarantee = "\(guarantee)"
    self.seed = seed
    self.epoch = epoch
  }

  /// Whether a process that would begin this one may go on with the other.
  func fits(_ other: JournalHeader) -> Bool {
    format == other.format && venue == other.venue && guarantee == other.guarantee
      && seed == other.seed
  }
}

/// Why a journal cannot be kept.
package enum JournalFault: Error, Hashable, Sendable {
  case notOpened(String)
  /// Another process writes it.
  case held
  /// What was on the disk is not there any more: nobody may go on as if it were.
  case broken(line: Int, String)
  /// It is another venue's.
  case foreign(String)
  case notWritten(String)
}

extension JournalFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notOpened(let why): "the venue's journal cannot be opened: \(why)"
    case .held: "another process keeps the venue's journal"
    case .broken(let line, let why): "line \(line) of the venue's journal is broken: \(why)"
    case .foreign(let what): "the venue's journal is another one's: it was begun by \(what)"
    case .notWritten(let why): "the venue's journal cannot be written: \(why)"
    }
  }
}

/// The venue's journal on a disk: lines that are only ever added, each on the disk before anybody
/// is told of it. (S17-ENV-03)
///
/// A line is the sum of its text in eight digits (CRC-32), a space and the text as JSON. A line
/// without its end was being written when the process died: nobody was told of it, and it is cut
/// off. Anything else that does not fit was there once and changed: then nobody starts.
package final class VenueJournal: Sendable {
  /// What a file held.
  package struct Content: Sendable {
    package let header: JournalHeader?
    package let records: [JournalRecord]
    /// Bytes of a last line without its end.
    package let torn: Int
    /// Bytes of whole lines.
    let length: Int
  }

  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Opens the journal of a venue, or begins it.
  ///
  /// - Returns: with its header, which is the file's when there is one, and what was read.
  package static func open(
    _ path: String, _ wanted: JournalHeader
  ) throws(JournalFault) -> (journal: VenueJournal, header: JournalHeader, content: Content) {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw .notOpened(said(errno)) }
    let journal = VenueJournal(descriptor: descriptor)
    // The kernel lets go of it when the process ends, however that is.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .held }
    let content = try read(path)
    if content.torn > 0 {
      guard ftruncate(descriptor, off_t(content.length)) == 0, fsync(descriptor) == 0 else {
        throw .notWritten(said(errno))
      }
    }
    guard let header = content.header else {
      try journal.write(wanted)
      try syncFolder(of: path)
      return (journal, wanted, content)
    }
    guard wanted.fits(header) else {
      throw .foreign(
        "a venue '\(header.venue)' with guarantee \(header.guarantee), seed \(header.seed), "
          + "format \(header.format)")
    }
    return (journal, header, content)
  }

  /// What a journal holds; the file may be another process's.
  package static func read(_ path: String) throws(JournalFault) -> Content {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .notOpened("'\(path)' cannot be read")
    }
    let bytes = Array(data)
    var header: JournalHeader?
    var records: [JournalRecord] = []
    var (start, line) = (0, 1)
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let text = try checked(bytes[start..<end], line)
      do throws(VenueMisread) {
        if header == nil {
          header = try VenueJSON.read(JournalHeader.self, text)
        } else {
          let record = try VenueJSON.read(JournalRecord.self, text)
          guard record.number == Int64(records.count) + 1 else {
            throw VenueMisread("record \(record.number) follows \(records.count)")
          }
          records.append(record)
        }
      } catch {
        throw .broken(line: line, error.description)
      }
      (start, line) = (end + 1, line + 1)
    }
    return Content(
      header: header, records: records, torn: bytes.count - start, length: start)
  }

  private static func checked(
    _ line: ArraySlice<UInt8>, _ number: Int
  ) throws(JournalFault) -> ArraySlice<UInt8> {
    let text = line.dropFirst(9)
    guard line.count > 9, line[line.startIndex + 8] == UInt8(ascii: " "),
      String(decoding: line.prefix(8), as: UTF8.self) == CheckSum.text(of: text)
    else { throw .broken(line: number, "its sum is another one") }
    return text
  }

  /// Adds records, all in one piece; when this comes back they are on the disk.
  func append(_ records: [JournalRecord]) throws(JournalFault) {
    var bytes: [UInt8] = []
    for record in records { bytes += try Self.line(record) }
    try write(bytes)
  }

  private func write(_ header: JournalHeader) throws(JournalFault) {
    try write(try Self.line(header))
  }

  private static func line(_ value: some Encodable) throws(JournalFault) -> [UInt8] {
    let text: [UInt8]
    do { text = try VenueJSON.bytes(value) } catch { throw .notWritten(error.description) }
    return Array(CheckSum.text(of: text).utf8) + [UInt8(ascii: " ")] + text
      + [UInt8(ascii: "\n")]
  }

  private func write(_ bytes: [UInt8]) throws(JournalFault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .notWritten(Self.said(errno)) }
      rest = rest.dropFirst(count)
    }
    guard fsync(descriptor) == 0 else { throw .notWritten(Self.said(errno)) }
  }

  /// A new file's name is on the disk when its folder is.
  private static func syncFolder(of path: String) throws(JournalFault) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .notWritten(said(errno)) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .notWritten(said(errno)) }
  }

  private static func said(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// CRC-32 as Ethernet and gzip have it.
enum CheckSum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in
      sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1
    }
  }

  static func sum(of bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8
    }
  }

  /// Eight digits of the base 16.
  static func text(of bytes: some Sequence<UInt8>) -> String {
    let digits = String(sum(of: bytes), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
