import CSyncFS
import Glibc
import SlipwayModel
import SlipwayPipeline

/// The one door to the disk. Paths are relative to a root folder.
struct Disk {
  let root: String

  /// Why something could not be read or written; names the path and what the system said.
  struct Failure: Error {
    let path: String
    let message: String
    init(_ path: String, _ what: String, _ code: Int32 = errno) {
      self.path = path
      message = "\(what): \(String(cString: strerror(code)))"
    }
  }

  /// The text of a file, or `nil` if there is none.
  func read(_ path: String) throws(Failure) -> String? {
    let descriptor = open(absolute(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Failure(path, "cannot be read")
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw Failure(path, "cannot be read") }
    var bytes: [UInt8] = []
    // As large as the file is now; should it grow meanwhile, it is read in several pieces.
    let piece = max(4_096, Int(information.st_size))
    while true {
      var count = 0
      bytes += [UInt8](unsafeUninitializedCapacity: piece) { buffer, length in
        count = Glibc.read(descriptor, buffer.baseAddress, piece)
        length = max(0, count)
      }
      if count < 0 { throw Failure(path, "cannot be read") }
      if count == 0 { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What stands under the output folders, and where something other than a file stands.
  func state() throws(Failure) -> DiskState {
    var found = Found()
    for folder in ["generated", ".github/workflows"] {
      var isThere = true
      var above = ""
      for part in folder.split(separator: "/") where isThere {
        above += (above.isEmpty ? "" : "/") + part
        isThere = kind(above) == .folder
        if !isThere { try found.add(above, kind(above), of: self) }
      }
      if isThere { try walk(folder, &found) }
    }
    try found.add(".env.example", kind(".env.example"), of: self)
    return DiskState(files: found.files, obstacles: found.obstacles, folders: found.folders)
  }

  /// What stands in some folders.
  private struct Found {
    var files: [String: String] = [:]
    var obstacles: Set<String> = []
    var folders: Set<String> = []

    mutating func add(_ path: String, _ kind: Kind, of disk: Disk) throws(Failure) {
      switch kind {
      case .file: files[path] = try disk.read(path)
      case .folder: folders.insert(path)
      case .other: obstacles.insert(path)
      case .nothing: break
      }
    }
  }

  /// The files of a folder, by path under it. A link is not followed.
  func folder(_ path: String) throws(Failure) -> [String: String] {
    var found = Found()
    try walk(path, &found)
    return Dictionary(
      uniqueKeysWithValues: found.files.map {
        (String($0.key.dropFirst(path.utf8.count + 1)), $0.value)
      })
  }

  private func walk(_ path: String, _ found: inout Found) throws(Failure) {
    guard let handle = opendir(absolute(path)) else {
      if errno == ENOENT { return }
      throw Failure(path, "cannot be listed")
    }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    for name in names.sorted() {
      let inside = path + "/" + name
      let kind = kind(inside)
      try found.add(inside, kind, of: self)
      if kind == .folder { try walk(inside, &found) }
    }
  }

  private enum Kind { case file, folder, other, nothing }

  private func kind(_ path: String) -> Kind {
    var information = stat()
    guard lstat(absolute(path), &information) == 0 else { return .nothing }
    switch information.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  func absolute(_ path: String) -> String { root + "/" + path }
}

extension Disk {
  /// Does what was planned, all or nothing as far as a file system allows: every file is first
  /// written beside its place and forced to the disk; only when all are there are they renamed.
  func apply(_ plan: WritePlan) throws(Failure) {
    var staged: [(temporary: String, path: String)] = []
    var folders: Set<String> = []
    try makeRoot()
    // Opened before the first file is written, or a fault of the disk in between is told to nobody.
    let folder = open(root.isEmpty ? "/" : root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Failure(root, "cannot be read") }
    defer { close(folder) }
    do throws(Failure) {
      for file in plan.writes {
        let temporary = try stage(file, &folders)
        staged.append((temporary, file.path))
      }
      try force(staged, in: folder)
    } catch {
      for item in staged { unlink(absolute(item.temporary)) }
      throw error
    }
    for (index, item) in staged.enumerated()
    where rename(absolute(item.temporary), absolute(item.path)) != 0 {
      // The plan found every place free, so somebody has changed it since.
      let failure = Failure(item.path, "cannot be put in its place")
      for left in staged[index...] { unlink(absolute(left.temporary)) }
      throw failure
    }
    for path in plan.removals {
      if unlink(absolute(path)) != 0, errno != ENOENT {
        throw Failure(path, "cannot be removed")
      }
      removeEmptyFolders(above: path)
    }
  }

  private func stage(
    _ file: PrintedArtefact, _ folders: inout Set<String>
  ) throws(Failure) -> String {
    try makeFolders(above: file.path, &folders)
    let temporary = file.path + WritePlan.stagedSuffix
    unlink(absolute(temporary))
    let mode: mode_t = file.isExecutable ? 0o755 : 0o644
    let descriptor = open(
      absolute(temporary), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure(file.path, "cannot be written") }
    var failure = write(Array(file.text.utf8), to: descriptor)
    if failure == 0, fchmod(descriptor, mode) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else {
      unlink(absolute(temporary))
      throw Failure(file.path, "cannot be written", failure)
    }
    return temporary
  }

  /// More files than these are forced together. One call for each took a second or two for 300
  /// files; one for the whole file system, which waits for what others have written too, 60 ms.
  private static let fewFiles = 16

  /// Returns when what was staged would outlive a loss of power. All are written before the first
  /// is forced: a journal takes them together then.
  private func force(
    _ staged: [(temporary: String, path: String)], in folder: Int32
  ) throws(Failure) {
    var information = stat()
    guard fstat(folder, &information) == 0 else { throw Failure(root, "cannot be read") }
    let device = information.st_dev
    var rest = staged
    if staged.count > Self.fewFiles {
      guard syncfs(folder) == 0 else { throw Failure(root, "cannot be forced to the disk") }
      // Somebody may have mounted another file system below.
      rest = staged.filter { item in
        lstat(absolute(item.temporary), &information) != 0 || information.st_dev != device
      }
    }
    for item in rest {
      let descriptor = open(absolute(item.temporary), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else { throw Failure(item.path, "cannot be written") }
      defer { close(descriptor) }
      if fsync(descriptor) != 0 { throw Failure(item.path, "cannot be forced to the disk") }
    }
  }

  /// The error number, or 0.
  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      done += count
    }
    return 0
  }

  /// Makes the output folder itself, with what is above it.
  private func makeRoot() throws(Failure) {
    var folder = root.hasPrefix("/") ? "" : "."
    for part in root.split(separator: "/") {
      folder += "/" + part
      if mkdir(folder, 0o755) != 0, errno != EEXIST { throw Failure(root, "cannot be made") }
    }
  }

  /// - Parameter made: Folders that are known to be there; many files have one folder.
  private func makeFolders(above path: String, _ made: inout Set<String>) throws(Failure) {
    guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
    let way = String(path[..<end])
    guard made.insert(way).inserted else { return }
    var folder = ""
    for part in way.split(separator: "/") {
      folder += (folder.isEmpty ? "" : "/") + part
      if mkdir(absolute(folder), 0o755) == 0 { continue }
      guard errno == EEXIST else { throw Failure(folder, "cannot be made") }
      if kind(folder) != .folder {
        throw Failure(folder, "is not a folder, so nothing is written below it", ENOTDIR)
      }
    }
  }

  private func removeEmptyFolders(above path: String) {
    var parts = path.split(separator: "/").dropLast()
    while parts.count > 1, rmdir(absolute(parts.joined(separator: "/"))) == 0 {
      parts = parts.dropLast()
    }
  }
}
