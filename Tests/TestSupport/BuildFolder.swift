import Foundation

/// Where the build that holds this test stands: `.build/debug` or its like.
package var buildFolder: String {
  // The first argument is the test bundle's own path, whatever the scratch folder is called.
  let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
  return URL(fileURLWithPath: bundle).deletingLastPathComponent().path
}
