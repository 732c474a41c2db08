import Foundation

// Built by `scripts/fuzz` with `--sanitize=fuzzer -DFUZZING`, this is a coverage-guided fuzzer of
// the reader that `READER` names. Built as everything else, it reads again what a fuzzer found.

#if FUZZING
  /// Asked for once by libFuzzer's own `main`, before the first input.
  nonisolated(unsafe) private var tried = Trial("nothing") { _ in }

  // libFuzzer knows programs by this name. (FuzzerInterface.h)
  @_cdecl("LLVMFuzzerTestOneInput")
  func once(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    tried.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
  }
#endif

extension [Trial] {
  #if FUZZING
    /// Takes the reader that the environment names; without one, says which there are.
    package func chooseFuzzed() {
      guard let name = ProcessInfo.processInfo.environment["READER"] else {
        list()
        exit(0)
      }
      tried = named(name)
    }
  #endif

  /// Reads the files that the command line names after the reader; without any word, says which
  /// readers there are.
  package func readAgain() throws {
    let words = CommandLine.arguments.dropFirst()
    guard let name = words.first else { return list() }
    let trial = named(name)
    for path in words.dropFirst() {
      let isRead = trial.run([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
      print(isRead ? "read \(path)" : "refused \(path)")
    }
  }

  private func list() { print(map(\.name).joined(separator: "\n")) }

  private func named(_ name: String) -> Trial {
    guard let trial = first(where: { $0.name == name }) else {
      let all = map(\.name).joined(separator: " ")
      let words = "error: '\(name)' is no reader; there are: \(all)\n"
      FileHandle.standardError.write(Data(words.utf8))
      exit(64)
    }
    return trial
  }
}
