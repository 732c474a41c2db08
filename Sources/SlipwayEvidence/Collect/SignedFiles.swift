/// Files that somebody signed, each with its signature beside it: `NAME.json` and `NAME.json.sig`,
/// as `ssh-keygen -Y sign -n slipway -f KEY NAME.json` makes it.
package struct SignedFiles: Sendable {
  private let signers: Result<SignerList, ReadingFailure>
  private let now: PointInTime

  /// - Parameter path: The list of signers.
  package init(signers path: String, now: PointInTime) {
    self.now = now
    signers = Result { () throws(ReadingFailure) in
      do throws(ReadingFailure) {
        return try SignerList.read(try FactFile.bytes(path))
      } catch {
        throw ReadingFailure("the list of signers '\(path)': \(error.clause)")
      }
    }
  }

  /// A file and the roles of whoever signed it.
  package struct Signed: Sendable {
    package let bytes: [UInt8]
    package let roles: Set<String>
  }

  package func file(_ path: String) throws(ReadingFailure) -> Signed {
    let bytes = try FactFile.bytes(path)
    let signature: [UInt8]
    do throws(ReadingFailure) {
      signature = try FactFile.bytes(path + ".sig")
    } catch {
      throw ReadingFailure("its signature '.sig' beside it: \(error.clause)")
    }
    let roles = try signers.get().roles(signing: bytes, with: signature, at: now)
    return Signed(bytes: bytes, roles: roles)
  }
}

/// A file of a few kilobytes that a script or a person wrote.
package enum FactFile {
  package static func bytes(_ path: String) throws(ReadingFailure) -> [UInt8] {
    do throws(BoundedFile.Failure) {
      return try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
    } catch {
      switch error {
      case .missing: throw ReadingFailure("it is not there")
      case .unreadable(let why): throw ReadingFailure(why)
      }
    }
  }

  /// The bytes of a file that need not be there, `nil` then.
  /// - Throws: for a file that is there and cannot be read, with its path.
  package static func bytesIfThere(_ path: String) throws(ReadingFailure) -> [UInt8]? {
    do throws(BoundedFile.Failure) {
      return try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
    } catch {
      switch error {
      case .missing: return nil
      case .unreadable(let why): throw ReadingFailure("'\(path)': \(why)")
      }
    }
  }

  /// A fact that a script wrote; what is not there is told apart from what says nothing.
  package static func fact<Value>(
    _ path: String, _ what: String,
    _ read: ([UInt8]) throws(ReadingFailure) -> Evidence<Value>
  ) -> Sight<Value> {
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
      do throws(ReadingFailure) {
        return .seen(try read(bytes))
      } catch {
        return .unreadable("'\(path)': \(error.clause)")
      }
    } catch {
      switch error {
      case .missing: return .missing("\(what) is missing: there is no '\(path)'")
      case .unreadable(let why): return .unreadable("'\(path)': \(why)")
      }
    }
  }
}
