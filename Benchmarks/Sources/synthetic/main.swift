import Foundation
import Slipway
import SlipwayCommand

// How many is said by a variable: the arguments are the commands' own.
let count = Int(ProcessInfo.processInfo.environment["SYNTHETIC_ENVIRONMENTS"] ?? "") ?? 1

SlipwayMain.run(
  Project(
    "Synthetic", contract: .synthetic, registry: "registry.example.com/synthetic",
    home: "https://git.example.com/synthetic",
    // Of one environment alone there is nothing that it could differ from.
    differences: count > 1 ? [.sizes(because: "each is as large as its team")] : []),
  (1...max(1, count)).map { AnyEnvironment(environment($0)) }, command: "synthetic generate")
