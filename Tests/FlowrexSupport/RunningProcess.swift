import Foundation
import Glibc
package import TestSupport
import Testing

/// A program of ours that runs beside the test, ended by its own process id.
package final class RunningProcess: Sendable {
  private struct Held: @unchecked Sendable {
    // `Process` is used by one task at a time.
    let process: Process
  }

  private let log: String
  private let held: Held

  /// - Parameters:
  ///   - program: a product of this package, or the full path of another one.
  ///   - folder: where it works; its log stands there too.
  ///   - log: the log's name, for several programs of one folder.
  package init(
    _ program: String, _ arguments: [String], in folder: TemporaryFolder,
    _ variables: [String: String], log name: String = "log"
  ) throws {
    log = try folder.write("", to: name)
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    let process = Process()
    let path = program.hasPrefix("/") ? program : "\(buildFolder)/\(program)"
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LLVM_PROFILE_FILE": "/dev/null",
    ].merging(variables) { $1 }
    process.standardOutput = output
    process.standardError = output
    try process.run()
    held = Held(process: process)
  }

  package var logText: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

  package var isRunning: Bool { held.process.isRunning }

  package func signal(_ number: Int32) { Glibc.kill(held.process.processIdentifier, number) }

  /// The exit status, after the end.
  package func awaitEnd() async throws -> Int32 {
    for _ in 0..<1_200 where held.process.isRunning {
      try await Task.sleep(for: .milliseconds(50))
    }
    #expect(!held.process.isRunning)
    return held.process.isRunning ? -1 : held.process.terminationStatus
  }

  package func kill() {
    guard held.process.isRunning else { return }
    Glibc.kill(held.process.processIdentifier, SIGKILL)
    held.process.waitUntilExit()
  }

  /// The ports on which this process, and no child of it, listens.
  package func listeningPorts() throws -> Set<Int> {
    let id = held.process.processIdentifier
    let folder = "/proc/\(id)/fd"
    let links = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
    }
    let inodes = Set(links.filter { $0.hasPrefix("socket:[") }.map { $0.dropFirst(8).dropLast() })
    var ports: Set<Int> = []
    for file in ["tcp", "tcp6"] {
      let lines = try String(contentsOfFile: "/proc/\(id)/net/\(file)", encoding: .utf8)
        .split(separator: "\n").dropFirst()
      for line in lines {
        let fields = line.split(separator: " ")
        guard fields.count > 9, fields[3] == "0A", inodes.contains(fields[9]),
          let port = fields[1].split(separator: ":").last.flatMap({ Int($0, radix: 16) })
        else { continue }
        ports.insert(port)
      }
    }
    return ports
  }
}
