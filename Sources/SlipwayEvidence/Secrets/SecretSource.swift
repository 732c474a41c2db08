package import SlipwayModel

/// Where values of secrets are. A value is read, judged and forgotten.
package protocol SecretSource: Sendable {
  /// For people: `Vault at https://vault.example`.
  var name: String { get }
  /// The value; `nil` if the source says that it has none.
  func value(of key: SecretExpectations.Key) async throws(ReadingFailure) -> [UInt8]?
}

/// Asks a source for every secret and keeps only what is wrong with it.
package enum SecretCollector {
  package static func facts(
    _ expectations: SecretExpectations, from source: any SecretSource, now: PointInTime
  ) async -> Sight<SecretFacts> {
    var facts = SecretFacts()
    let denied = Set(expectations.denied)
    // Of values that must differ; digests, so that the values are gone at once.
    var digests: [String: String] = [:]
    for key in expectations.keys {
      do throws(ReadingFailure) {
        guard let value = try await source.value(of: key) else {
          facts.faults[key.name] = .missing
          continue
        }
        let text = value.withoutLineEnd
        facts.faults[key.name] = SecretStrength.fault(text, key, denied: denied)
        digests[key.name] = SHA256.hex(text)
      } catch {
        return .unreadable("\(source.name): \(error.clause)")
      }
    }
    facts.equal = expectations.distinct.filter { names in
      let found = names.compactMap { digests[$0] }
      return Set(found).count < found.count
    }
    return .seen(Evidence(facts, commit: nil, made: now, source: source.name))
  }
}

/// A folder with one file a secret, named after it: `postgres-password`.
package struct FolderSecrets: SecretSource {
  private let folder: String
  package init(_ folder: String) { self.folder = folder }
  package var name: String { "the folder '\(folder)'" }
  private static let limit = 64 << 10

  package func value(of key: SecretExpectations.Key) async throws(ReadingFailure) -> [UInt8]? {
    guard BoundedFile.isFolder(folder) else { throw ReadingFailure("there is no such folder") }
    do throws(BoundedFile.Failure) {
      return try BoundedFile("\(folder)/\(key.fileName)", limit: Self.limit).bytes()
    } catch {
      switch error {
      case .missing: return nil
      case .unreadable(let why): throw ReadingFailure("'\(key.fileName)': \(why)")
      }
    }
  }
}
