#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Files that only their owner reads, replaced as a whole.
enum SecretFile {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func text(_ path: String) throws(ReadingFailure) -> String {
    do throws(BoundedFile.Failure) {
      return String(decoding: try BoundedFile(path, limit: 64 << 10).bytes(), as: UTF8.self)
    } catch {
      switch error {
      case .missing: throw ReadingFailure("there is no '\(path)'")
      case .unreadable(let why): throw ReadingFailure("'\(path)': \(why)")
      }
    }
  }

  /// A key that others can read is no key any more.
  static func refuseReadable(_ path: String) throws(ReadingFailure) {
    guard exists(path) else { throw ReadingFailure("there is no '\(path)'") }
    guard BoundedFile.isPrivate(path) else {
      throw ReadingFailure("others than its owner may read '\(path)'; chmod 600, or replace it")
    }
  }

  /// Readers see the old bytes or the new ones, never a part.
  static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t = 0o600
  ) throws(ReadingFailure) {
    let temporary = path + ".slipway-new"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var code: Int32 = 0
    var rest = bytes[...]
    while !rest.isEmpty, code == 0 {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno != EINTR { code = errno }
      } else {
        rest = rest.dropFirst(count)
      }
    }
    if code == 0, fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      unlink(temporary)
      throw failure(path, code)
    }
  }

  private static func failure(_ path: String, _ code: Int32) -> ReadingFailure {
    ReadingFailure("'\(path)' cannot be written: \(String(cString: strerror(code)))")
  }
}
