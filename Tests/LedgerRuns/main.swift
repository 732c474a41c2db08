import Foundation
import LedgerTrials

// histories [COUNT]    judges so many random histories of an account by an oracle of fractions, on
//                      every core; 10,000

/// What is wrong with a history, and what happened in it.
func judged(_ seed: UInt64) throws -> (differences: [String], fills: Int, flips: Int) {
  var history = History(seed: seed)
  for _ in 0..<12 { try history.step() }
  return (try history.judge(), history.fills, history.flips)
}

func all(_ count: UInt64) async throws -> Int32 {
  let cores = UInt64(ProcessInfo.processInfo.activeProcessorCount)
  let began = ContinuousClock.now
  let sums = try await withThrowingTaskGroup(of: (broken: Int, fills: Int, flips: Int).self) {
    group in
    for core in 1...cores {
      group.addTask {
        var sums = (broken: 0, fills: 0, flips: 0)
        for seed in stride(from: core, through: count, by: Int(cores)) {
          let (differences, fills, flips) = try judged(seed)
          sums.fills += fills
          sums.flips += flips
          guard !differences.isEmpty else { continue }
          sums.broken += 1
          print("history \(seed): \(differences.joined(separator: "; "))")
        }
        return sums
      }
    }
    return try await group.reduce((broken: 0, fills: 0, flips: 0)) { all, part in
      (all.broken + part.broken, all.fills + part.fills, all.flips + part.flips)
    }
  }
  print(
    "\(count) histories, \(sums.fills) fills, \(sums.flips) positions that turned round, "
      + "\(sums.broken) broken; in \((ContinuousClock.now - began).components.seconds) s")
  // Histories in which nothing happens prove nothing.
  return sums.broken == 0 && sums.fills > count * 8 && sums.flips > count / 10 ? 0 : 1
}

let arguments = CommandLine.arguments.dropFirst()
let numbers = arguments.compactMap { UInt64($0) }
guard numbers.count == arguments.count, numbers.count <= 1, numbers.first != 0 else {
  print("usage: histories [COUNT]")
  exit(2)
}
do {
  exit(try await all(numbers.first ?? 10_000))
} catch {
  FileHandle.standardError.write(Data("histories: error: \(error)\n".utf8))
  exit(4)
}
