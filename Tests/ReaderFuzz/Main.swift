import ReaderTrials

@main
enum Main {
  static func main() throws { try (Trial.documents + Trial.audited).fuzz() }
}
