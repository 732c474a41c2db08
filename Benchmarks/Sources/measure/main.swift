import Foundation

let options = Set(CommandLine.arguments.dropFirst())
let isService = options.contains("--service")
let known: Set =
  isService ? ["--service", "--soak", "--soak-briefly"] : ["--clean", "--record"]
guard options.isSubset(of: known) else {
  let usage = isService ? "service [--soak | --soak-briefly]" : "run [--clean] [--record]"
  FileHandle.standardError.write(Data("usage: Benchmarks/\(usage)\n".utf8))
  exit(2)
}
/// In seconds; none unless it is asked for.
let soak = options.contains("--soak") ? 900 : options.contains("--soak-briefly") ? 300 : 0

let places = Places()
do {
  let rows =
    if isService {
      try Serving(places: places, soak: soak).rows()
    } else {
      try Generating(places: places).rows()
        + RuleShare(places: places).rows()
        + Instructions(places: places).rows(recording: options.contains("--record"))
        + Scale(places: places).rows()
        + Compiling(places: places).rows()
        + Building(places: places).rows(clean: options.contains("--clean"))
        + Peer(places: places).rows()
    }
  print(table(rows))
  exit(rows.contains { $0.holds == false } ? 1 : 0)
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(4)
}
