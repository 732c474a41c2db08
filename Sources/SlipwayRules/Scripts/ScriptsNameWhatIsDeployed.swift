import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What scripts and timers name is there: services, volumes and networks of the stack, scripts
/// beside them, and for each service the image that the release record has. Looks at the bytes.
/// (C-17, C-33)
package enum ScriptsNameWhatIsDeployed: Rule {
  package static let id = "scripts/name-what-is-deployed"
  package static let why = "a script that names nothing stops in the middle of an emergency"
  package static let fix = "this is a defect of the generator: please report the script"
  package static let source = ["C-17", "C-33"]

  package static let breakers: [Breaker] = [
    .file(
      "a service that there is not", "scripts/database.sh",
      replacing: "${stack}_postgres-primary", with: "${stack}_postgres-primal"),
    .file(
      "a script that there is not", "scripts/deploy",
      replacing: "${generated}/scripts/secrets-check",
      with: "${generated}/scripts/secret-check"),
    .file(
      "an image under another service's name", "scripts/roll.sh",
      replacing: "\nbackend SHOP_BACKEND_IMAGE\n", with: "\nbackend SHOP_PAGES_IMAGE\n"),
    .file(
      "a library that there is not", "scripts/rollback", replacing: "/roll.sh\"",
      with: "/rolls.sh\""),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard subject.environment.stage.isDeployed, let stack = subject.stack else { return [] }
    let folder = subject.environment.folder
    let names = ["services", "volumes", "networks"].flatMap { stack.tree[$0]?.map ?? [] }
      .map(\.key)
    let scripts = subject.files.filter {
      $0.path.hasPrefix(folder + "scripts/") || $0.path.hasPrefix(folder + "systemd/")
    }
    return scripts.flatMap { file -> [Violation] in
      func look(
        at sought: ByteSearch, _ problems: (Substring) -> [String]
      ) -> [Violation] {
        sought.lines(of: file.text).flatMap { line in
          problems(line.text).map {
            Violation(
              $0, lands: Landing(path: file.path, text: String(line.text), line: line.number))
          }
        }
      }
      return look(at: parts) { strange($0, names) }
        + look(at: calls) { missing(called(in: $0), subject) }
        + look(at: libraries) { missing(read(in: $0), subject) }
        + look(at: starts) { missing(started(by: $0), subject) }
        + look(at: images) { misnamed($0, stack.tree) }
    }
  }

  private static let parts = ByteSearch("${stack}_")
  private static let calls = ByteSearch("${generated}/scripts/")
  private static let libraries = ByteSearch(#". "$(dirname "${BASH_SOURCE[0]}")/"#)
  private static let starts = ByteSearch("ExecStart=")
  private static let scripts = ByteSearch("/scripts/")
  private static let images = ByteSearch("_IMAGE")

  /// `${stack}_NAME`, unless a name is made up for the occasion.
  private static func strange(_ line: Substring, _ names: [String]) -> [String] {
    parts.words(after: line) { $0.isSmallOrDigit || $0.isHyphen || $0.isUnderscore }
      .filter { word in
        // More behind it, and the name is only the beginning of one.
        guard !word.utf8.contains(where: \.isUnderscore) else { return false }
        return word.name(startingWith: \.isSmallLetter) == word && !names.contains(word)
      }.map(String.strange)
  }

  private static func isOfScript(_ byte: UInt8) -> Bool {
    byte.isSmallLetter || byte.isFullStop || byte.isHyphen
  }

  private static func called(in line: Substring) -> [String] {
    calls.words(after: line, while: isOfScript)
      .compactMap { $0.name(startingWith: \.isSmallLetter) }
  }

  /// The file that is read in from beside the script, with the quotation mark that ends its name.
  private static func read(in line: Substring) -> [String] {
    guard line.hasPrefix(#". "$("#) else { return [] }
    let quotation = UInt8(ascii: "\"")
    return libraries.words(after: line) { isOfScript($0) || $0 == quotation }.prefix(1)
      .compactMap { word in
        guard let end = word.utf8.firstIndex(of: quotation), end > word.startIndex else {
          return nil
        }
        return String(word[..<end])
      }
  }

  private static func started(by line: Substring) -> [String] {
    guard line.hasPrefix("ExecStart=") else { return [] }
    let command = line.prefix { !$0.isWhitespace }
    return scripts.words(after: command) { $0.isSmallLetter || $0.isHyphen }
      .filter { !$0.isEmpty }.suffix(1)
  }

  /// Scripts that are called, and files that are read in.
  private static func missing(_ names: [String], _ subject: Subject) -> [String] {
    names.filter { name in
      let path = subject.environment.folder + "scripts/" + name
      let folder = path + "/"
      return !subject.files.contains { $0.path == path || $0.path.hasPrefix(folder) }
    }.map(String.missing)
  }

  /// `SERVICE VARIABLE`: what must run after a roll.
  private static func misnamed(_ line: Substring, _ stack: LocatedValue) -> [String] {
    let words = line.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, isService(words[0]), isImage(words[1]) else { return [] }
    let image = stack["services"]?[String(words[0])]?["image"]?.scalarText ?? ""
    return image.hasPrefix("${\(words[1]):")
      ? [] : [.misnamed(String(words[0]), String(words[1]))]
  }

  private static func isService(_ word: Substring) -> Bool {
    word.utf8.first?.isSmallLetter == true
      && word.utf8.allSatisfy { $0.isSmallOrDigit || $0.isHyphen }
  }

  private static func isImage(_ word: Substring) -> Bool {
    word.hasSuffix("_IMAGE") && word.utf8.first?.isCapitalLetter == true
      && word.utf8.allSatisfy { $0.isCapitalLetter || $0.isASCIIDigit || $0.isUnderscore }
  }
}

extension String {
  fileprivate static func strange(_ name: String) -> String {
    "a script names '\(name)', which the stack does not have"
  }
  fileprivate static func missing(_ name: String) -> String {
    "a script calls '\(name)', which is not generated"
  }
  fileprivate static func misnamed(_ name: String, _ variable: String) -> String {
    "a script expects \(variable) in '\(name)', which runs another image"
  }
}
