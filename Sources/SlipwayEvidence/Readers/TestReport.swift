/// What a run of tests said, from a report in the xunit format as SwiftPM writes it for XCTest and
/// for swift-testing (`swift test --xunit-output`).
package struct TestReport: Sendable, Hashable {
  /// All that the report lists, those that were skipped too.
  package var tests = 0
  package var failures = 0
  package var errors = 0
  package var skipped = 0
  /// Of those that failed, in their order: `Module.Suite/name`.
  package var failed: [String] = []
  /// How many ran and passed, by the module that they are in.
  package var passed: [String: Int] = [:]

  package init() {}

  /// Several runs as one.
  package static func + (left: TestReport, right: TestReport) -> TestReport {
    var sum = left
    sum.tests += right.tests
    sum.failures += right.failures
    sum.errors += right.errors
    sum.skipped += right.skipped
    sum.failed += right.failed
    sum.passed.merge(right.passed, uniquingKeysWith: +)
    return sum
  }
}

extension TestReport {
  /// - Throws: for what is no report, and for one whose sums are not those of its test cases: a
  ///   total that says less than the list is the one that would be believed.
  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> TestReport {
    var reader = try XUnitReader(bytes)
    return try reader.report()
  }
}

private struct XUnitReader {
  private var scanner: XMLScanner
  private var stated = TestReport()
  private var counted = TestReport()
  private var suites = 0
  private var current: String?
  private var module = ""
  private var isFaulty = false
  private var isSkipped = false

  init(_ bytes: [UInt8]) throws(ReadingFailure) { scanner = try XMLScanner(bytes) }

  mutating func report() throws(ReadingFailure) -> TestReport {
    var root: String?
    while let tag = try scanner.next() {
      switch tag {
      case .open(let name, let attributes, let isEmpty):
        if root == nil {
          guard name == "testsuites" || name == "testsuite" else {
            throw ReadingFailure("it is no test report: it begins with '<\(name)>'")
          }
        }
        root = root ?? name
        try open(name, attributes)
        if isEmpty { close(name) }
      case .close(let name): close(name)
      }
    }
    guard suites > 0 else { throw ReadingFailure("it holds no test suite") }
    // swift-testing leaves skipped tests out of the sum; others count them.
    let ran = counted.tests - counted.skipped
    guard stated.tests == counted.tests || stated.tests == ran else {
      throw ReadingFailure(
        "it says that \(stated.tests.of("test")) ran and lists \(counted.tests.grouped)")
    }
    guard counted.failures + counted.errors == stated.failures + stated.errors else {
      throw ReadingFailure(
        "it says that \((stated.failures + stated.errors).grouped) failed and lists "
          + "\((counted.failures + counted.errors).grouped)")
    }
    return counted
  }

  private mutating func open(
    _ name: String, _ attributes: [String: String]
  ) throws(ReadingFailure) {
    switch name {
    case "testsuite":
      suites += 1
      // Suites inside suites are counted by the outer one in some writers, and not in others.
      guard scanner.open.filter({ $0 == "testsuite" }).count <= 1 else {
        throw ReadingFailure("it has test suites inside test suites")
      }
      stated.tests += try number("tests", attributes) ?? 0
      stated.failures += try number("failures", attributes) ?? 0
      stated.errors += try number("errors", attributes) ?? 0
    case "testcase":
      guard suites > 0, current == nil else { throw ReadingFailure("it has a test case in a test") }
      counted.tests += 1
      let suite = attributes["classname"] ?? ""
      current = [suite, attributes["name"] ?? ""].filter { !$0.isEmpty }.joined(separator: "/")
      module = String(suite.prefix { $0 != "." })
      isFaulty = false
      isSkipped = false
    case "failure", "error":
      guard let current else { throw ReadingFailure("it has a failure of no test") }
      // One test may fail in several ways; it is one test.
      if !isFaulty {
        if name == "failure" { counted.failures += 1 } else { counted.errors += 1 }
        counted.failed.append(current)
      }
      isFaulty = true
    case "skipped":
      counted.skipped += 1
      isSkipped = true
    default: break
    }
  }

  private mutating func close(_ name: String) {
    guard name == "testcase" else { return }
    if current != nil, !isFaulty, !isSkipped { counted.passed[module, default: 0] += 1 }
    current = nil
  }

  private func number(
    _ key: String, _ attributes: [String: String]
  ) throws(ReadingFailure) -> Int? {
    guard let text = attributes[key] else { return nil }
    guard let number = Int(text), number >= 0, number <= 100_000_000 else {
      throw ReadingFailure("its '\(key)' is no number of tests")
    }
    return number
  }
}
