import Foundation
import SlipwayDocuments
import TestSupport
import Testing

/// The committed files of one environment. That they are what the specification says is tested
/// elsewhere; here they are asked what the requirements ask.
struct Deployed: Sendable, CustomTestStringConvertible {
  let name: String
  var testDescription: String { name }

  static let dev = Deployed(name: "dev")
  static let staging = Deployed(name: "staging")
  static let prod = Deployed(name: "prod")
  static let all = [dev, staging, prod]
  /// Those that people depend on.
  static let depended = [staging, prod]

  func text(_ path: String) throws -> String { try generated("\(name)/\(path)") }

  func yaml(_ path: String) throws -> LocatedValue { try YAMLReader.read(text(path)).root }

  func services() throws -> [LocatedMember] {
    try #require(try yaml("docker-compose.yml")["services"]?.map)
  }

  func service(_ service: String) throws -> LocatedValue {
    try #require(
      try services().first { $0.key == service }?.value, "\(name) has no service '\(service)'")
  }

  /// The variables that a service is started with.
  func variables(of service: String) throws -> [String: String] {
    let stack = try self.service(service)["environment"]?.map?.map {
      ($0.key, $0.value.scalarText ?? "")
    }
    if let stack { return Dictionary(uniqueKeysWithValues: stack) }
    let file = try DotenvReader.read(text("env/\(service).env"))
    return Dictionary(uniqueKeysWithValues: file.variables.map { ($0.key, $0.literal ?? "") })
  }

  /// Name and value of each setting of a configuration in lines, quotes left out; a name that comes
  /// several times has all its values.
  func settings(_ path: String) throws -> [String: [String]] {
    var found: [String: [String]] = [:]
    for line in try text(path).split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(maxSplits: 1) { $0 == " " || $0 == "=" }.map(String.init)
      guard let name = words.first else { continue }
      let value = (words.count > 1 ? words[1] : "").trimmingCharacters(
        in: .init(charactersIn: " ='"))
      found[name, default: []].append(value)
    }
    return found
  }
}

/// A file that all environments share, below `generated/`.
func generated(_ path: String) throws -> String { try repository("generated/\(path)") }

/// A file of the repository.
func repository(_ path: String) throws -> String {
  try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
}

/// The rows of all tables of a page, as cells without code marks, by the first cell.
func rows(_ page: String) -> [String: [String]] {
  var found: [String: [String]] = [:]
  for line in page.split(separator: "\n") where line.hasPrefix("| ") {
    let cells = line.split(separator: "|").map {
      $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
    }
    if let first = cells.first { found[first] = Array(cells.dropFirst()) }
  }
  return found
}

/// `1536M` or `2G` in mebibytes.
func mebibytes(_ text: String?) throws -> Int {
  let text = try #require(text)
  let number = try #require(Int(text.dropLast()))
  return text.hasSuffix("G") ? number * 1024 : number
}
