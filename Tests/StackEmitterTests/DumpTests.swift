import SlipwayModel
import Foundation
import TestSupport
import Testing
@Test(arguments: Specimen.all) func dump(_ specimen: Specimen) throws {
  let made = try specimen.generate()
  for file in made.files {
    let path = "/tmp/stackout/\(specimen.testDescription)/\(file.path)"
    try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
