import Foundation

// Built by `scripts/fuzz` with `--sanitize=fuzzer -DFUZZING`, this is a coverage-guided fuzzer of the
// reader that `READER` names. Built as everything else, it reads files again: what a fuzzer found.

#if FUZZING
  // What libFuzzer offers to programs that have a `main` of their own. (FuzzerInterface.h)
  @_silgen_name("LLVMFuzzerRunDriver")
  private func drive(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  nonisolated(unsafe) private var tried = Trial("nothing") { _ in }

  private func once(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    tried.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
  }
#endif

extension [Trial] {
  /// The whole of a fuzzer's `main`.
  package func fuzz() throws {
    #if FUZZING
      guard let name = ProcessInfo.processInfo.environment["READER"] else { return list() }
      tried = named(name)
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      exit(drive(&count, &arguments, once))
    #else
      let words = CommandLine.arguments.dropFirst()
      guard let name = words.first else { return list() }
      let trial = named(name)
      for path in words.dropFirst() {
        let isRead = trial.run(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        print(isRead ? "read \(path)" : "refused \(path)")
      }
    #endif
  }

  private func list() { print(map(\.name).joined(separator: "\n")) }

  private func named(_ name: String) -> Trial {
    guard let trial = first(where: { $0.name == name }) else {
      let all = map(\.name).joined(separator: " ")
      FileHandle.standardError.write(Data("error: '\(name)' is no reader; there are: \(all)\n".utf8))
      exit(64)
    }
    return trial
  }
}
