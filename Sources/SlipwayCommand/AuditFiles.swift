import Glibc
import SlipwayAudit

/// The files under the paths that a person named.
struct AuditFiles {
  private(set) var files: [AuditedFile] = []
  /// Whether the system refused something.
  private(set) var hasFailed = false
  private var taken: Set<String> = []

  /// Folders that hold other people's files or a tool's own.
  static let skipped: Set = [
    ".git", ".build", "node_modules", "vendor", ".venv", "venv", "__pycache__", ".terraform",
  ]
  /// No person reviews a larger file, and no reader here takes one.
  private static let bytesMax = 16 * 1_024 * 1_024
  /// Deeper folders are a loop of mounts or a mistake.
  private static let depthMax = 64

  private let skipped: Set<String>

  init(_ paths: [String], skipping skipped: Set<String> = AuditFiles.skipped) {
    self.skipped = skipped
    for path in paths {
      let shown = Self.plain(path)
      var information = stat()
      guard stat(path, &information) == 0 else {
        fail(shown, as: shown)
        continue
      }
      if information.st_mode & S_IFMT == S_IFDIR {
        walk(shown, under: "", depth: 0)
      } else {
        add(shown, as: shown)
      }
    }
  }

  /// Without `./` in front and slashes behind.
  private static func plain(_ path: String) -> String {
    var text = path
    while text.hasPrefix("./"), text.count > 2 { text = String(text.dropFirst(2)) }
    while text.hasSuffix("/"), text.count > 1 { text = String(text.dropLast()) }
    return text
  }

  private mutating func fail(_ shown: String, as path: String, _ words: String? = nil) {
    hasFailed = true
    let reason = words ?? "cannot be read: \(String(cString: strerror(errno)))"
    keep(
      AuditedFile(
        path: path, shown: shown, bytes: nil, problem: .unreadable("'\(shown)' \(reason)")))
  }

  private mutating func walk(_ folder: String, under prefix: String, depth: Int) {
    guard depth < Self.depthMax else {
      return fail(folder, as: prefix, "is nested deeper than \(Self.depthMax) folders")
    }
    guard let handle = opendir(folder) else { return fail(folder, as: prefix) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    closedir(handle)
    for name in names.sorted() {
      let path = folder == "." ? name : folder + "/" + name
      var information = stat()
      guard lstat(path, &information) == 0 else {
        fail(path, as: prefix + name)
        continue
      }
      switch information.st_mode & S_IFMT {
      case S_IFDIR:
        if !skipped.contains(name) { walk(path, under: prefix + name + "/", depth: depth + 1) }
      case S_IFREG: add(path, as: prefix + name)
      // A link is not followed, but it is there.
      case S_IFLNK: keep(AuditedFile(path: prefix + name, shown: path, bytes: nil))
      default: break
      }
    }
  }

  private mutating func add(_ shown: String, as path: String) {
    let descriptor = open(shown, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return fail(shown, as: path) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { return fail(shown, as: path) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      return keep(AuditedFile(path: path, shown: shown, bytes: nil))
    }
    guard information.st_size <= Self.bytesMax else {
      return keep(
        AuditedFile(
          path: path, shown: shown, bytes: nil,
          problem: .tooLarge(bytes: Int(information.st_size), most: Self.bytesMax)))
    }
    var bytes = [UInt8](repeating: 0, count: Int(information.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { return fail(shown, as: path) }
      if count == 0 { break }
      done += count
    }
    keep(AuditedFile(path: path, shown: shown, bytes: Array(bytes.prefix(done))))
  }

  /// Two folders may have a file of one name; the later one keeps its whole path.
  private mutating func keep(_ file: AuditedFile) {
    let isNew = taken.insert(file.path).inserted
    files.append(
      isNew
        ? file
        : AuditedFile(
          path: file.shown, shown: file.shown, bytes: file.bytes, problem: file.problem))
  }
}
