/// The folder of Package.swift, wherever the tests were started.
package let packageRoot: String = {
  // <root>/Tests/TestSupport/PackageRoot.swift
  var components = #filePath.split(separator: "/", omittingEmptySubsequences: false)
  components.removeLast(3)
  return components.joined(separator: "/")
}()
