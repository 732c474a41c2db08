import EvidenceTrials
import ReaderTrials

#if FUZZING
  // libFuzzer has a `main` of its own, which begins with this. (FuzzerInterface.h)
  @_cdecl("LLVMFuzzerInitialize")
  func begin(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
    Trial.evidence.chooseFuzzed()
    return 0
  }
#else
  @main
  enum Main {
    static func main() throws { try Trial.evidence.readAgain() }
  }
#endif
