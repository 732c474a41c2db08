import Foundation

let options = Set(CommandLine.arguments.dropFirst())
let known: Set = ["--clean", "--record"]
guard options.isSubset(of: known) else {
  FileHandle.standardError.write(Data("usage: Benchmarks/run [--clean] [--record]\n".utf8))
  exit(2)
}

let places = Places()
do {
  let rows =
    try Generating(places: places).rows()
    + RuleShare(places: places).rows()
    + Instructions(places: places).rows(recording: options.contains("--record"))
    + Scale(places: places).rows()
    + Compiling(places: places).rows()
    + Building(places: places).rows(clean: options.contains("--clean"))
    + Peer(places: places).rows()
  print(table(rows))
  exit(rows.contains { $0.holds == false } ? 1 : 0)
} catch {
  FileHandle.standardError.write(Data("error: \(error)\n".utf8))
  exit(4)
}
