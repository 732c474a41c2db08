import Foundation
import Testing

/// Where the program of all tests begins. The package manager would write this file itself, after
/// it had looked for tests of XCTest in an index of all sources; there are none.
/// (docs/decisions/0028)
@main
private struct Main {
  static func main() async {
    let library = CommandLine.arguments.drop { $0 != "--testing-library" }.dropFirst().first
    // `swift test` asks for the tests of each library in turn.
    guard library == "swift-testing" else {
      FileHandle.standardError.write(Data("no tests of XCTest are here\n".utf8))
      return
    }
    await Testing.__swiftPMEntryPoint() as Never
  }
}
