import Foundation
import HardStops
import TestSupport

// hard-stops     breaks every promise and writes docs/hard-stops.md of this repository

do {
  let page = try await HardStopPage.made()
  try page.write(
    toFile: "\(packageRoot)/\(HardStopPage.path)", atomically: true, encoding: .utf8)
  print("wrote \(HardStopPage.path)")
} catch {
  FileHandle.standardError.write(Data("hard-stops: error: \(error)\n".utf8))
  exit(4)
}
