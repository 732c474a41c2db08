import CatalogueGenerator
import Glibc

// catalogue record NAME VERSION <SCRAPE >RECORDING     makes a scrape comparable
// catalogue write RECORDINGS FOLDER                    writes the Swift types

/// Reads standard input to its end.
func standardInput() -> String {
  var text = ""
  while let line = readLine(strippingNewline: false) { text += line }
  return text
}

/// Says what went wrong and ends.
func fail(_ message: String, status: Int32) -> Never {
  let bytes = Array("catalogue: \(message)\n".utf8)
  _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
  exit(status)
}

/// Writes the types, and removes those that nothing makes any more.
func write(from recordings: String, to folder: String) throws {
  let read = try Files.names(in: recordings).compactMap { name in
    try Recording(file: name, text: Files.read("\(recordings)/\(name)"))
  }
  let files = CatalogueWriter.files(for: read)
  for file in files { try Files.write(file.text, to: "\(folder)/\(file.name)") }
  for name in try Files.names(in: folder) where !files.contains(where: { $0.name == name }) {
    try Files.remove("\(folder)/\(name)")
  }
}

let words = Array(CommandLine.arguments.dropFirst())
do {
  switch (words.first, words.count) {
  case ("record", 3):
    let families = try ExpositionParser.families(of: standardInput())
    print(Recording(name: words[1], version: words[2], families: families).text, terminator: "")
  case ("write", 3):
    try write(from: words[1], to: words[2])
  default:
    fail("usage: catalogue record NAME VERSION | catalogue write RECORDINGS FOLDER", status: 2)
  }
} catch {
  fail("error: \(error)", status: 1)
}
