import FlowrexTrading
import Foundation
import Ledger
import SimulatedWorlds

// simulate [SEEDS [FIRST]]    runs so many seeds before venues of every kind, on every core, and
//                             says how much faster than the clock on the wall; 1000 from 1 on.
//                             A hundred and more must be a hundred times as fast as it.
// simulate --bugs [SEEDS]     looks in how many of so many worlds each planted bug is found; 40

/// One world.
struct Run: Sendable {
  let seed: UInt64
  let guarantee: SubmitGuarantee
  var bug: PlantedBug?
}

/// Runs all of them, one at a time on each core, and hands out results in their order.
func results(
  of runs: [Run], _ show: (Run, Simulation.Result) -> Void
) async throws {
  try await withThrowingTaskGroup(of: (Int, Simulation.Result).self) { group in
    let cores = ProcessInfo.processInfo.activeProcessorCount
    var waiting: [Int: Simulation.Result] = [:]
    var (next, shown) = (0, 0)
    func start() {
      guard next < runs.count else { return }
      let (number, run) = (next, runs[next])
      next += 1
      group.addTask {
        (number, try await Simulation.run(seed: run.seed, run.guarantee, run.bug))
      }
    }
    for _ in 0..<cores { start() }
    while let (number, result) = try await group.next() {
      waiting[number] = result
      while let result = waiting.removeValue(forKey: shown) {
        show(runs[shown], result)
        shown += 1
      }
      start()
    }
  }
}

func all(_ count: UInt64, from first: UInt64) async throws -> Int32 {
  let runs = (first..<(first + count)).flatMap { seed in
    SubmitGuarantee.allCases.map { Run(seed: seed, guarantee: $0) }
  }
  let began = ContinuousClock.now
  var (broken, quiet, simulated) = (0, 0, Duration.zero)
  try await results(of: runs) { run, result in
    simulated += .microseconds(result.elapsed.microseconds)
    if result.journal <= 20 { quiet += 1 }
    guard !result.violations.isEmpty else { return }
    broken += 1
    for sentence in result.violations { print("seed \(run.seed), \(run.guarantee): \(sentence)") }
  }
  let took = ContinuousClock.now - began
  let factor = Int(simulated / took)
  print(
    "\(count) seeds from \(first) on, \(runs.count) worlds, \(broken) broken; "
      + "\(simulated.components.seconds) s in \(took.components.seconds) s: "
      + "\(factor) times real time"
  )
  if quiet > 0 { print("in \(quiet) of them little happened") }
  // Worlds in which nothing happens prove nothing.
  guard broken == 0, quiet * 100 <= runs.count || count < 100 else { return 1 }
  return factor >= 100 || count < 100 ? 0 : 1
}

func bugs(_ count: Int) async throws -> Int32 {
  var unseen = 0
  for bug in PlantedBug.allCases {
    let runs = bug.seeds(count).flatMap { seed in
      SubmitGuarantee.allCases.filter(bug.concerns).map {
        Run(seed: seed, guarantee: $0, bug: bug)
      }
    }
    var found = 0
    var sentence = "not found"
    try await results(of: runs) { run, result in
      guard let violation = result.violations.first else { return }
      if found == 0 { sentence = "seed \(run.seed), \(run.guarantee): \(violation)" }
      found += 1
    }
    if found == 0 { unseen += 1 }
    print("\(bug.rawValue): \(found) of \(runs.count); \(sentence)")
  }
  return unseen == 0 ? 0 : 1
}

var arguments = CommandLine.arguments.dropFirst()
let isAboutBugs = arguments.first == "--bugs"
if isAboutBugs { arguments.removeFirst() }
let numbers = arguments.compactMap { UInt64($0) }
guard numbers.count == arguments.count, numbers.count <= (isAboutBugs ? 1 : 2) else {
  print("usage: simulate [SEEDS [FIRST]] | simulate --bugs [SEEDS]")
  exit(2)
}
do {
  let code =
    if isAboutBugs {
      try await bugs(Int(numbers.first ?? 40))
    } else {
      try await all(numbers.first ?? 1_000, from: numbers.dropFirst().first ?? 1)
    }
  exit(code)
} catch {
  FileHandle.standardError.write(Data("simulate: error: \(error)\n".utf8))
  exit(4)
}
