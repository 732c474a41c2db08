import EvidenceTrials
import ReaderTrials

@main
enum Main {
  static func main() throws { try Trial.evidence.fuzz() }
}
