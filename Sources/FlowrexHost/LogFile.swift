package import FlowrexConfiguration
import Glibc
import ServiceContract
import Synchronization

/// The file that lines also go to, if one is wanted: bounded in size and number. (C-20,
/// S17-VAR-49 … 52)
package final class LogFile: Sendable {
  private struct State {
    var descriptor: Int32
    var size: Int
  }

  package struct NotOpened: Error {}

  private let settings: LogFileSettings
  private let state: Mutex<State>

  package init(_ settings: LogFileSettings) throws {
    self.settings = settings
    let opened = Self.open(settings.path)
    guard opened.descriptor >= 0 else { throw NotOpened() }
    state = Mutex(opened)
  }

  package func write(_ line: [UInt8]) {
    state.withLock { state in
      if state.size + line.count > settings.size.bytes, state.size > 0 { turn(&state) }
      guard state.descriptor >= 0 else { return }
      let written = line.withUnsafeBytes { Glibc.write(state.descriptor, $0.baseAddress, $0.count) }
      state.size += max(0, written)
    }
  }

  /// `app.log` becomes `app.log.1`, which becomes `app.log.2`; the oldest goes.
  private func turn(_ state: inout State) {
    close(state.descriptor)
    unlink("\(settings.path).\(settings.count)")
    for number in stride(from: settings.count - 1, to: 0, by: -1) {
      rename("\(settings.path).\(number)", "\(settings.path).\(number + 1)")
    }
    rename(settings.path, "\(settings.path).1")
    state = Self.open(settings.path)
  }

  private static func open(_ path: String) -> State {
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    var facts = stat()
    let size = descriptor >= 0 && fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    return State(descriptor: descriptor, size: size)
  }
}
