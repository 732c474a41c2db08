import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// A gate that is asked at noon, about a release that all speaks for; tests change one thing.
struct Scene {
  static let commit = String(repeating: "a", count: 40)
  static let before = String(repeating: "b", count: 40)
  /// 2026-11-21T12:00:00Z
  static let noon = PointInTime(seconds: 1_795_262_400)

  var expectations = GateExpectations(environment: "prod", stage: .production, project: "shop")
  var kind = GateKind.release
  var seat = GateSeat.cluster
  var now = Scene.noon
  var record = ReleaseRecord(
    commit: Scene.commit, created: Scene.ago(hours: 1), schema: "0042", previous: Scene.before,
    images: [.init(variable: "SHOP_BACKEND_IMAGE", reference: "registry.example/shop@\(digest)")])
  var running: ReleaseRecord? = ReleaseRecord(
    commit: Scene.before, created: Scene.ago(hours: 100), schema: "0041")
  var evidence = EvidenceSet()

  static let digest = "sha256:" + String(repeating: "1", count: 64)

  static func ago(hours: Int) -> PointInTime { PointInTime(seconds: noon.seconds - hours * 3600) }

  var question: GateQuestion {
    GateQuestion(
      expectations, kind: kind, seat: seat, record: record, running: running, now: now)
  }

  func judge(_ criterion: some Criterion) -> Ruling { criterion.judge(evidence, question) }
}

extension Sight {
  /// What a run of this commit made an hour ago, unless said otherwise.
  static func fresh(
    _ value: Value, of commit: String? = Scene.commit, at made: PointInTime = Scene.ago(hours: 1)
  ) -> Self {
    .seen(Evidence(value, commit: commit, made: made, source: "run 812, job test"))
  }
}

/// A recorded or written file of `fixtures/`.
func fixture(_ name: String) throws -> [UInt8] {
  let path = "\(packageRoot)/Tests/GateTests/fixtures/\(name)"
  return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

/// The clause with which a reader refuses; `nil` if it takes the bytes.
func refusal<Value>(
  _ bytes: [UInt8], _ read: ([UInt8]) throws(ReadingFailure) -> Value
) -> String? {
  do throws(ReadingFailure) {
    _ = try read(bytes)
    return nil
  } catch {
    return error.clause
  }
}

func refusal<Value>(
  _ text: String, _ read: ([UInt8]) throws(ReadingFailure) -> Value
) -> String? {
  refusal(Array(text.utf8), read)
}

/// What must hold of each reader, whatever it is given: an answer, and no crash.
///
/// Every prefix of a good file, and the file with each of some bytes put in each place; a reader
/// that takes a torn file as whole is named.
func expectSturdy<Value>(
  _ good: [UInt8], at location: SourceLocation = #_sourceLocation,
  _ read: ([UInt8]) throws(ReadingFailure) -> Value
) {
  #expect(refusal(good, read) == nil, sourceLocation: location)
  let end = good.lastIndex { ![0x0A, 0x20].contains($0) } ?? 0
  for count in stride(from: 0, to: end, by: max(1, end / 100)) {
    #expect(
      refusal(Array(good[..<count]), read) != nil, "\(count) bytes are enough",
      sourceLocation: location)
  }
  for place in stride(from: 0, to: good.count, by: max(1, good.count / 60)) {
    for byte: UInt8 in [0, 0x22, 0x7B, 0x5B, 0x3C, 0x26, 0xFF, 0x39] {
      var bad = good
      bad[place] = byte
      _ = refusal(bad, read)
    }
  }
}
