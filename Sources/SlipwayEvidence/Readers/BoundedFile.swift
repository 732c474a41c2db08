#if canImport(CoreFoundation)
  // Whole modules at a time, as for a release, Swift 6.3.1 takes this for the home of `stat`.
  import CoreFoundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that somebody else made: read as a whole, up to a bound, and never waited for.
package struct BoundedFile: Sendable {
  package let path: String
  /// In bytes. Reports of large projects have some tens of megabytes; what is larger is no report.
  package let limit: Int

  package static let reportBytes = 256 << 20
  package static let factBytes = 4 << 20

  package init(_ path: String, limit: Int) {
    self.path = path
    self.limit = limit
  }

  package enum Failure: Error, Hashable, Sendable {
    case missing
    /// A clause.
    case unreadable(String)
  }

  package func bytes() throws(Failure) -> [UInt8] {
    // A pipe that nobody writes into would otherwise be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing : .unreadable("it cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable("it is no file")
    }
    guard Int(information.st_size) <= limit else { throw .unreadable(tooLarge) }
    return try rest(of: descriptor, expecting: Int(information.st_size))
  }

  private var tooLarge: String {
    let size = limit >= 1 << 20 ? "\(limit >> 20) MiB" : "\(limit >> 10) KiB"
    return "it is larger than \(size)"
  }

  private func rest(of descriptor: Int32, expecting size: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw .unreadable("it cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw .unreadable(tooLarge) }
    }
  }

  /// The names in a folder, sorted, without those that begin with a dot.
  package static func names(in folder: String) throws(Failure) -> [String] {
    guard let stream = opendir(folder) else {
      throw errno == ENOENT || errno == ENOTDIR
        ? .missing : .unreadable("it cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether only its owner may read, write or run it.
  static func isPrivate(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & 0o077 == 0
  }

  package static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }
}
