import EvidenceTrials
import Foundation
import ReaderTrials
import TestSupport
import Testing

/// A bounded part of what `scripts/fuzz` does: what the fuzzer kept is read again, and changed in
/// the same way in every run. A crash or a line outside of a file ends the tests.
struct CorpusTests {
  private static let trials = Trial.documents + Trial.audited + Trial.evidence
  private static let folder = "\(packageRoot)/Tests/ReaderTrialTests/corpus"
  /// Changed inputs of each reader; a second or two of a processor for all readers.
  private static let changedInputs = 60
  /// In bytes, of all inputs in base64: they are read by people when they are reviewed, and stay in
  /// the history for ever.
  private static let repositoryBytes = 300 << 10

  private static func corpus(_ trial: Trial) throws -> [[UInt8]] {
    let path = "\(folder)/\(trial.name).b64"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      Array(try #require(Data(base64Encoded: String(line)), "\(path): \(line)"))
    }
  }

  @Test(arguments: trials)
  func `what a fuzzer found once is read or refused`(trial: Trial) throws {
    let corpus = try Self.corpus(trial)
    #expect(corpus.count >= 3, "\(trial): a corpus is made by scripts/fuzz")
    for bytes in corpus { trial.run(bytes) }
  }

  @Test(arguments: trials)
  func `cut, joined and changed it is read or refused, too`(trial: Trial) throws {
    let corpus = try Self.corpus(trial)
    try #require(!corpus.isEmpty)
    var draws = Draws(seed: trial.name.utf8.count * 20_261_121)
    for _ in 0..<Self.changedInputs {
      var bytes = corpus[draws.below(corpus.count)]
      for _ in 0...draws.below(3) { draws.change(&bytes, corpus) }
      trial.run(bytes)
    }
  }

  @Test func `every reader has a corpus, every corpus a reader, and all are small`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(names.sorted() == Self.trials.map { "\($0.name).b64" }.sorted())
    let sizes = try names.map { name in
      try FileManager.default.attributesOfItem(atPath: "\(Self.folder)/\(name)")[.size] as? Int ?? 0
    }
    #expect(sizes.reduce(0, +) <= Self.repositoryBytes)
  }
}

/// Changes that fuzzers make, in a fixed order.
private struct Draws {
  private var numbers: SplitMix64

  init(seed: Int) { numbers = SplitMix64(seed: UInt64(seed)) }

  mutating func below(_ count: Int) -> Int { numbers.below(max(1, count)) }

  mutating func change(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
    let place = below(bytes.count)
    switch below(5) {
    case 0: bytes = Array(bytes.prefix(place))
    case 1: bytes.insert(UInt8(truncatingIfNeeded: numbers.next()), at: min(place, bytes.count))
    case 2 where !bytes.isEmpty: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
    case 3: bytes += corpus[below(corpus.count)].prefix(200)
    default: bytes += bytes.suffix(below(40))
    }
  }
}
