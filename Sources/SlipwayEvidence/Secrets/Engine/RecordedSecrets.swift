import SlipwayDocuments
import SlipwayModel

/// The engine's names of the secrets that recorded releases mount: the one that runs, and the one
/// that it would go back to. What they name is not retired.
package enum RecordedSecrets {
  /// - Parameter state: The folder with a manager's records.
  /// - Throws: for a record that is there and cannot be read, or whose stack cannot: to call that
  ///   none would retire what a rollback needs.
  package static func names(in state: String) throws(ReadingFailure) -> Set<String> {
    var names: Set<String> = []
    for record in ["current", "previous"] {
      guard let commit = try ReleaseRecord.kept(at: "\(state)/\(record).json")?.commit else {
        continue
      }
      let path = "\(state)/releases/\(commit)/docker-compose.yml"
      guard let stack = try FactFile.bytesIfThere(path) else {
        throw ReadingFailure("there is no '\(path)'")
      }
      names.formUnion(try secrets(stack, path))
    }
    return names
  }

  private static func secrets(
    _ bytes: [UInt8], _ path: String
  ) throws(ReadingFailure) -> Set<String> {
    do {
      let root = try YAMLReader.read(String(decoding: bytes, as: UTF8.self)).root
      return Set((root["secrets"]?.map ?? []).compactMap { $0.value["name"]?.scalarText })
    } catch {
      throw ReadingFailure("'\(path)': it cannot be read: \(error.message)")
    }
  }
}
