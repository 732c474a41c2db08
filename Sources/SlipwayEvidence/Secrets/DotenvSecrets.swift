import SlipwayDocuments
package import SlipwayModel

/// A file of variables, as a developer keeps it. Never outside development. (C-16)
package struct DotenvSecrets: SecretSource {
  private let path: String
  package init(_ path: String) { self.path = path }
  package var name: String { "the file '\(path)'" }

  package func value(of key: SecretExpectations.Key) async throws(ReadingFailure) -> [UInt8]? {
    let bytes = try FactFile.bytes(path)
    let file: LocatedDotenv
    do throws(SyntaxError) {
      file = try DotenvReader.read(bytes: bytes)
    } catch {
      throw ReadingFailure("line \(error.position.line) is not understood")
    }
    guard let variable = file.variables.last(where: { $0.key == key.name }) else { return nil }
    // What another variable is part of cannot be judged here.
    guard let value = variable.literal else {
      throw ReadingFailure("\(key.name) is made of other variables")
    }
    return Array(value.utf8)
  }
}
