import FlowrexContract
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Foundation
import Glibc
import Ledger
import TestSupport
import Testing

/// The venue's journal on a disk: what a process that died leaves, and what nobody may take for it.
struct JournalTests {
  private let clock = HandClock()
  private let market: HandMarket
  private let temper = VenueTemper(refusals: 200, partials: 400, lateFills: 500)

  init() { market = HandMarket(clock) }

  private func venue(
    _ path: String, _ guarantee: SubmitGuarantee = .lookUpAble, seed: UInt64 = 3, epoch: Int64 = 1
  ) throws -> KeptVenue {
    try KeptVenue(
      .simulated(guarantee), path: path, market: market, clock: clock, epoch: epoch, seed: seed,
      temper: temper)
  }

  /// Another process, as far as the file can tell: the one before lets go of it when its last work
  /// has ended, which may be a moment after its last answer.
  private func nextVenue(_ path: String, epoch: Int64 = 1) async throws -> KeptVenue {
    for _ in 0..<2_000 {
      do { return try venue(path, epoch: epoch) } catch JournalFault.held {}
      try await Task.sleep(for: .milliseconds(2))
    }
    return try venue(path, epoch: epoch)
  }

  private func submission(_ number: UInt128, _ pricing: Pricing = .market) -> Submission {
    Submission(
      OrderID(number), of: AccountID(0xA),
      OrderTerms(.buy, Quantity(21, .two), of: .eurUSD, pricing),
      goodUntil: clock.now().adding(.seconds(5)), epoch: 1)
  }

  /// Something that people do, drawn from a number.
  private func act(_ step: Int, on venue: any Broker, _ turn: () async throws -> Void) async throws
  {
    var dice = SplitMix(seed: UInt64(step))
    let pip = Int32(dice.below(40))
    market.set(.eurUSD, bid: Price(109_980 + pip, .five), ask: Price(109_990 + pip, .five))
    switch dice.below(4) {
    case 0: _ = try await venue.submit(submission(UInt128(step)))
    case 1: _ = try await venue.submit(submission(UInt128(step), .limit(Price(11, .one))))
    case 2: _ = try await venue.cancel(OrderID(UInt128(dice.below(step + 1))))
    default: try await turn()
    }
  }

  @Test(.covers("S17-ENV-03"))
  func `a venue that starts anew after each step does what one does that never ends`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let steady = SimulatedVenue(
        .lookUpAble, market: market, clock: clock, seed: 3, temper: temper)
      let path = folder.path(of: "venue.journal")
      for step in 1...150 {
        try await act(step, on: steady) { steady.turn() }
        let venue = try await nextVenue(path, epoch: Int64(step))
        #expect(venue.epoch == 1)
        try await act(step, on: venue) { try await venue.turn() }
        #expect(
          try await venue.lookUp(OrderID(UInt128(step))) == steady.lookUp(OrderID(UInt128(step))))
      }
      let written = try VenueJournal.read(path).records.flatMap { try $0.entries() }
      #expect(written == steady.journal)
      #expect(written.count > 100)
      let told = try await nextVenue(path).events(after: 0, of: 1, limit: 1_000)
      #expect(try await told == steady.events(after: 0, of: 1, limit: 1_000))
    }
  }

  /// Two orders, and where the second one's record begins.
  private func twoRecords(_ path: String) async throws -> (bytes: [UInt8], last: Int) {
    let venue = try venue(path)
    _ = try await venue.submit(submission(1, .limit(Price(11, .one))))
    _ = try await venue.submit(submission(2, .limit(Price(11, .one))))
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let last = try #require(bytes.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
    return (bytes, last)
  }

  private func write(_ bytes: some Sequence<UInt8>, _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func `a record that was not written to its end is cut off, wherever it ends`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let (bytes, last) = try await twoRecords(folder.path(of: "venue.journal"))
      let path = folder.path(of: "torn.journal")
      for length in last + 1..<bytes.count {
        try write(bytes.prefix(length), path)
        let venue = try await nextVenue(path)
        #expect(venue.found == (1, length - last))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == last)
        #expect(try await venue.lookUp(OrderID(2)).order == nil)
      }
      // It goes on from there.
      do { _ = try await nextVenue(path).submit(submission(3)) }
      let venue = try await nextVenue(path)
      #expect(venue.found == (2, 0))
      #expect(try await venue.lookUp(OrderID(3)).order != nil)
    }
  }

  @Test func `a record that changed refuses the start, whichever byte it is`() async throws {
    try await withTemporaryFolder { folder in
      let (bytes, _) = try await twoRecords(folder.path(of: "venue.journal"))
      let path = folder.path(of: "changed.journal")
      // The last byte is the end of the last record: without it, it was never written to its end.
      for place in bytes.indices.dropLast() {
        var changed = bytes
        changed[place] ^= 0x04
        try write(changed, path)
        #expect(throws: JournalFault.self, "\(place)") { _ = try venue(path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(changed))
      }
    }
  }

  @Test func `a record that is missing in the middle refuses the start`() async throws {
    try await withTemporaryFolder { folder in
      let (bytes, last) = try await twoRecords(folder.path(of: "venue.journal"))
      let header = try #require(bytes.firstIndex(of: UInt8(ascii: "\n"))) + 1
      let path = folder.path(of: "short.journal")
      try write(bytes[..<header] + bytes[last...], path)
      #expect(throws: JournalFault.broken(line: 2, "record 2 follows 0")) { _ = try venue(path) }
    }
  }

  @Test func `a journal has one writer, and belongs to one venue`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "venue.journal")
      do {
        let first = try venue(path)
        #expect(throws: JournalFault.held) { _ = try venue(path) }
        _ = try await first.submit(submission(1))
      }
      _ = try await nextVenue(path)
      let whose = "a venue 'simulated' with guarantee lookUpAble, seed 3, format 1"
      #expect(throws: JournalFault.foreign(whose)) { _ = try venue(path, .idempotent) }
      #expect(throws: JournalFault.foreign(whose)) { _ = try venue(path, seed: 4) }
      let missing = folder.path(of: "nowhere/venue.journal")
      #expect(throws: JournalFault.notOpened("No such file or directory")) {
        _ = try venue(missing)
      }
    }
  }

  /// A file in memory that was sealed stands for a disk that takes no more.
  @Test func `what cannot be written was not done, and nothing is said after it`() async throws {
    try await withTemporaryFolder { folder in
      let (bytes, _) = try await twoRecords(folder.path(of: "venue.journal"))
      // Glibc has it, and its header hides it.
      typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32
      let create = unsafeBitCast(try #require(dlsym(nil, "memfd_create")), to: Create.self)
      // MFD_ALLOW_SEALING
      let descriptor = create("journal", 2)
      defer { close(descriptor) }
      try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
      let venue = try venue("/proc/self/fd/\(descriptor)")
      #expect(venue.found == (2, 0))
      // F_ADD_SEALS with F_SEAL_GROW, which are macros that no importer reads.
      try #require(fcntl(descriptor, 1_033, 4) == 0)
      // Who only asks is answered as long as nothing has to be written.
      #expect(try await venue.lookUp(OrderID(2)).order?.state == .working)
      let why = "the venue's journal cannot be written: Operation not permitted"
      await #expect(throws: BrokerFault.unanswered(why)) {
        try await venue.cancel(OrderID(2))
      }
      await #expect(throws: BrokerFault.unanswered(why)) { try await venue.lookUp(OrderID(2)) }
      await #expect(throws: JournalFault.notWritten("Operation not permitted")) {
        try await venue.turn()
      }
    }
  }

  @Test func `calls that come together are all on the disk when they are answered`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path(of: "venue.journal")
      let venue = try venue(path)
      await withTaskGroup(of: Void.self) { group in
        for number in UInt128(1)...200 {
          let submission = submission(number)
          group.addTask { _ = try? await venue.submit(submission) }
        }
      }
      // As another process would find it.
      let entries = try VenueJournal.read(path).records.flatMap { try $0.entries() }
      let found = entries.compactMap { entry -> OrderID? in
        switch entry.kind {
        case .taken(let taken): taken.order
        case .refused(let order, _): order
        default: nil
        }
      }
      #expect(Set(found) == Set((UInt128(1)...200).map { OrderID($0) }))
      #expect(found.count == 200)
    }
  }
}
