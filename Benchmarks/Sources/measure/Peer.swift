import Foundation

/// The same documents from another generator, in the same run on the same machine.
///
/// What is compared: Slipway resolves, emits, prints, reads back, checks and writes everything
/// (trees, nginx, scripts, pages). Jsonnet gets the trees already resolved, as a program with one
/// function each for services, rules and panels, evaluates it and prints JSON; it has no defaults
/// to fill in, no rules to check and nothing to read back.
struct Peer {
  let places: Places

  func rows() throws -> [Row] {
    try withFolder { folder in
      try places.makeRepository(at: folder)
      var ours: [Usage] = []
      for _ in 0..<5 {
        try? FileManager.default.removeItem(atPath: folder + "/generated")
        try? FileManager.default.removeItem(atPath: folder + "/.github")
        ours.append(
          try ChildProcess.succeed([places.slipway, "generate", "--output", "."], in: folder))
      }
      let program = folder + "/program.jsonnet"
      _ = try ChildProcess.succeed(
        [places.peer, places.here + "/peers/to_jsonnet.py", folder, program], in: folder)
      let theirs = try (0..<5).map { _ in
        try ChildProcess.succeed(
          [places.peer, places.here + "/peers/render.py", program], in: folder)
      }
      let start = try (0..<5).map { _ in
        try ChildProcess.succeed([places.peer, "-c", "import _jsonnet"], in: folder).cpu
      }
      let rendered = Double(theirs[0].text.split(separator: " ").first ?? "") ?? 0
      let written = try size(of: folder + "/generated") + size(of: folder + "/.github")
      let (our, their) = (ours.map(\.cpu).median, theirs.map(\.cpu).median - start.median)
      let perByte = (our / written) / (their / rendered)
      let figures =
        "Slipway \(Unit.milliseconds.text(our)) for \(Self.kilobytes(written)), all steps; "
        + "Jsonnet \(Unit.milliseconds.text(their)) for \(Self.kilobytes(rendered)) of JSON "
        + "from resolved values, without Python's start"
      return [
        Row(
          "CPU for each byte against Jsonnet 0.22", perByte, atMost: nil, .times, how: figures)
      ]
    }
  }

  private static func kilobytes(_ bytes: Double) -> String { "\(Int(bytes / 1000)) kB" }

  private func size(of folder: String) throws -> Double {
    guard FileManager.default.fileExists(atPath: folder) else { return 0 }
    return try FileManager.default.subpathsOfDirectory(atPath: folder).reduce(0) { sum, path in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(path)")
      guard attributes[.type] as? FileAttributeType == .typeRegular else { return sum }
      return sum + Double((attributes[.size] as? NSNumber)?.doubleValue ?? 0)
    }
  }
}
