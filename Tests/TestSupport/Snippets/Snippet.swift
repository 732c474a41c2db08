import Testing

/// Something that must not compile, the words with which the compiler says why, and the nearest
/// thing that must.
package struct Snippet: Sendable, CustomTestStringConvertible {
  package let name: String
  package let wrong: String
  package let right: String
  package let says: String
  package var testDescription: String { name }
}

/// The surroundings of every snippet.
package let prelude = """
  import FlowrexContract
  import Slipway
  let image = Image("a", build: .swift(product: "a"))
  let part = Component("c", image: image, runs: [], ports: [.backend],
    health: .command("x", every: .seconds(1), within: .seconds(1), startingWithin: .seconds(1)),
    keys: [], reads: [], needs: [], stopsWithin: .seconds(1))
  let small = Resources.cpus(1, memory: .gibibytes(1))
  let book = Runbook("r", meaning: "m", firstSteps: ["s"])
  let up = Flowrex.killSwitch.stays(at: 1)

  """

extension Snippet {
  package static let all = metrics + stages + contract + waivers

  package static func named(_ name: String) -> Snippet? { all.first { $0.name == name } }

  /// Hands a text, with its surroundings, to the compiler's type checker, against the modules of
  /// this very build.
  package func compile(_ text: String) async throws -> (status: Int32, errors: String) {
    try await withTemporaryFolder { folder in
      try folder.write(prelude + text + "\n", to: "Snippet.swift")
      let result = try await Tool.swift(
        [
          "-frontend", "-typecheck", "-parse-as-library", "-swift-version", "6", "-I",
          buildFolder + "/Modules", folder.path(of: "Snippet.swift"),
        ])
      return (result.status, result.stderr)
    }
  }
}
