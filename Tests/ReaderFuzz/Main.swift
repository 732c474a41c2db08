import Foundation
import ReaderTrials

// Built by `scripts/fuzz` with `-sanitize=fuzzer -DFUZZING`, this is a coverage-guided fuzzer of the
// reader that `READER` names. Built as everything else, it reads files again: what a fuzzer found.

#if FUZZING
  // What libFuzzer offers to programs that have a `main` of their own. (FuzzerInterface.h)
  @_silgen_name("LLVMFuzzerRunDriver")
  private func drive(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ run: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  private let trial = named(ProcessInfo.processInfo.environment["READER"] ?? "")

  private func once(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    trial.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
  }
#endif

private func named(_ name: String) -> Trial {
  guard let trial = Trial(rawValue: name) else {
    let all = Trial.allCases.map(\.rawValue).joined(separator: " ")
    FileHandle.standardError.write(Data("error: '\(name)' is no reader; there are: \(all)\n".utf8))
    exit(64)
  }
  return trial
}

@main
enum Main {
  static func main() throws {
    #if FUZZING
      var count = CommandLine.argc
      var arguments = CommandLine.unsafeArgv
      exit(drive(&count, &arguments, once))
    #else
      let words = CommandLine.arguments.dropFirst()
      guard let name = words.first else {
        print(Trial.allCases.map(\.rawValue).joined(separator: "\n"))
        return
      }
      let trial = named(name)
      for path in words.dropFirst() {
        trial.run(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        print("read \(path)")
      }
    #endif
  }
}
