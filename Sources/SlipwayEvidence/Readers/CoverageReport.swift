/// How many lines there are and how many were run, by file, from what `llvm-cov export` writes.
package struct CoverageReport: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package let path: String
    package let lines: Int
    package let covered: Int
    package init(path: String, lines: Int, covered: Int) {
      self.path = path
      self.lines = lines
      self.covered = covered
    }
  }
  package let files: [File]
  package init(files: [File]) { self.files = files }

  /// The files below a folder of the repository, wherever it was checked out: not those of
  /// packages that were fetched, nor tests.
  package func files(under folder: String) -> [File] {
    let folder = folder.hasSuffix("/") ? folder : folder + "/"
    return files.filter { file in
      guard file.path.hasPrefix(folder) || file.path.contains("/" + folder) else { return false }
      return !file.path.split(separator: "/").contains { part in
        part.hasPrefix(".") || part == "checkouts" || part == "Tests"
      }
    }
  }
}

extension CoverageReport {
  /// Segments, branches and functions, which are most of the text, are passed over.
  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> CoverageReport {
    var scanner = try JSONScanner(bytes)
    var type: String?
    var files: [File]?
    try scanner.object("the report") { scanner, key throws(ReadingFailure) in
      switch key {
      case "type": type = try scanner.text()
      case "data":
        var found: [File] = []
        try scanner.list("'data'") { scanner throws(ReadingFailure) in
          try scanner.object("an export") { scanner, key throws(ReadingFailure) in
            guard key == "files" else { return }
            try scanner.list("'files'") { scanner throws(ReadingFailure) in
              found.append(try file(&scanner))
            }
          }
        }
        files = found
      default: break
      }
    }
    try scanner.end()
    guard type == "llvm.coverage.json.export" else {
      throw ReadingFailure("it is no export of llvm-cov")
    }
    guard let files else { throw ReadingFailure("it has no 'data'") }
    guard Set(files.map(\.path)).count == files.count else {
      throw ReadingFailure("it has a file twice")
    }
    return CoverageReport(files: files)
  }

  private static func file(_ scanner: inout JSONScanner) throws(ReadingFailure) -> File {
    var path: String?
    var lines: Int?
    var covered: Int?
    try scanner.object("a file") { scanner, key throws(ReadingFailure) in
      switch key {
      case "filename": path = try scanner.string("a file's name")
      case "summary":
        try scanner.object("a file's summary") { scanner, key throws(ReadingFailure) in
          guard key == "lines" else { return }
          try scanner.object("a file's lines") { scanner, key throws(ReadingFailure) in
            if key == "count" { lines = try scanner.count("a number of lines") }
            if key == "covered" { covered = try scanner.count("a number of lines") }
          }
        }
      default: break
      }
    }
    guard let path, !path.isEmpty else { throw ReadingFailure("a file has no name") }
    guard let lines, let covered, covered <= lines, lines <= 100_000_000 else {
      throw ReadingFailure("the lines of '\(path.suffix(60))' make no sense")
    }
    return File(path: path, lines: lines, covered: covered)
  }
}
