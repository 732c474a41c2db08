import FlowrexConsole
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// A real headless Chromium, driven over a pair of pipes by its own protocol: clicks and keys are
/// those of a person, and work with scripts switched off too.
///
/// https://chromedevtools.github.io/devtools-protocol/
final class Browser: Sendable {
  struct NotDone: Error, CustomStringConvertible {
    let description: String
  }

  private struct State {
    var next = 1
    var waiting: [Int: CheckedContinuation<JSONValue, any Error>] = [:]
    var events: [(method: String, params: JSONValue)] = []
    var loads = 0
    var isOver = false
  }

  private struct Held: @unchecked Sendable {
    // `Process` is used by one task at a time.
    let process: Process
  }

  private let held: Held
  private let input: Int32
  private let state = Mutex(State())
  private let session = Mutex("")

  /// Starts a browser with an empty profile, runs `body`, ends the browser.
  static func run(_ body: (Browser) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let browser = try Browser(folder)
      do {
        try await browser.attach()
        try await body(browser)
      } catch {
        browser.end()
        throw error
      }
      browser.end()
    }
  }

  private init(_ folder: TemporaryFolder) throws {
    let program = "\(packageRoot)/.tools/bin/chromium"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw Tool.Failure.missing(path: program)
    }
    let (to, from) = (folder.path(of: "to"), folder.path(of: "from"))
    guard mkfifo(to, 0o600) == 0, mkfifo(from, 0o600) == 0 else {
      throw NotDone(description: "no pipes")
    }
    input = Glibc.open(to, O_RDWR | O_CLOEXEC)
    let output = Glibc.open(from, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    _ = fcntl(output, F_SETFL, 0)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", #"exec "$@" 3<"$TO" 4>"$FROM""#, "sh", program, "--headless=new",
      "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--no-first-run", "--disable-extensions", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--lang=en",
      "--user-data-dir=\(folder.path)/profile", "--window-size=1280,800", "about:blank",
    ]
    process.environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "TMPDIR": folder.path, "TO": to, "FROM": from,
      "LC_ALL": "C.UTF-8", "TZ": "UTC",
    ]
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write("", to: "log")))
    process.standardOutput = log
    process.standardError = log
    try process.run()
    held = Held(process: process)
    Thread.detachNewThread { [self] in listen(output) }
  }

  private func attach() async throws {
    // The first target is the empty page.
    let made = try await send("Target.createTarget", ["url": .text("about:blank")])
    let attached = try await send(
      "Target.attachToTarget", ["targetId": made["targetId"], "flatten": .flag(true)])
    session.withLock { $0 = attached["sessionId"].shown }
    for domain in ["Page", "Runtime", "Log", "DOM", "Network"] {
      try await send("\(domain).enable")
    }
  }

  private func end() {
    state.withLock { $0.isOver = true }
    if held.process.isRunning {
      Glibc.kill(held.process.processIdentifier, SIGTERM)
      for _ in 0..<100 where held.process.isRunning { usleep(50_000) }
      if held.process.isRunning { Glibc.kill(held.process.processIdentifier, SIGKILL) }
      held.process.waitUntilExit()
    }
    close(input)
  }

  // MARK: Messages

  @discardableResult
  func send(_ method: String, _ params: [String: JSONValue] = [:]) async throws -> JSONValue {
    let session = session.withLock { $0 }
    return try await withCheckedThrowingContinuation { continuation in
      let id = state.withLock { state -> Int in
        defer { state.next += 1 }
        state.waiting[state.next] = continuation
        return state.next
      }
      var message: [String: JSONValue] = [
        "id": .whole(id), "method": .text(method), "params": .object(params),
      ]
      if !session.isEmpty { message["sessionId"] = .text(session) }
      let bytes = ((try? JSONValue.object(message).body) ?? []) + [0]
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        guard count > 0 else { return fail("the browser's pipe is closed") }
        rest = rest.dropFirst(count)
      }
    }
  }

  private func fail(_ why: String) {
    let waiting = state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume(throwing: NotDone(description: why)) }
  }

  private func listen(_ output: Int32) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(output, &buffer, buffer.count)
      // Before the browser has opened its end there is nothing to read.
      if count == 0, !state.withLock({ $0.isOver }), held.process.isRunning {
        usleep(20_000)
        continue
      }
      guard count > 0 else { break }
      bytes += buffer[..<count]
      while let end = bytes.firstIndex(of: 0) {
        take(Array(bytes[..<end]))
        bytes.removeSubrange(...end)
      }
    }
    close(output)
    fail("the browser has ended")
  }

  private func take(_ bytes: [UInt8]) {
    guard let message = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return }
    guard case .whole(let id) = message["id"] else {
      state.withLock { state in
        let method = message["method"].shown
        state.events.append((method, message["params"]))
        if method == "Page.loadEventFired" { state.loads += 1 }
      }
      return
    }
    let waiting = state.withLock { $0.waiting.removeValue(forKey: id) }
    guard message["error"].isNull else {
      waiting?.resume(throwing: NotDone(description: message["error"].shown))
      return
    }
    waiting?.resume(returning: message["result"])
  }

  // MARK: What a person does

  func open(_ url: String) async throws {
    try await loading { try await send("Page.navigate", ["url": .text(url)]) }
  }

  /// Clicks in the middle of an element, and waits for the page that follows.
  func follow(_ selector: String) async throws {
    try await loading { try await click(selector) }
  }

  func click(_ selector: String) async throws {
    let node = try await node(selector)
    try await send("DOM.scrollIntoViewIfNeeded", ["nodeId": node])
    let corners = try await send("DOM.getBoxModel", ["nodeId": node])
      .value(at: "model.content").items.compactMap { Double($0.shown) }
    guard corners.count == 8 else { throw NotDone(description: "\(selector) has no place") }
    let x = (corners[0] + corners[4]) / 2
    let y = (corners[1] + corners[5]) / 2
    for type in ["mousePressed", "mouseReleased"] {
      try await send(
        "Input.dispatchMouseEvent",
        [
          "type": .text(type), "x": .number(x), "y": .number(y), "button": .text("left"),
          "clickCount": .whole(1),
        ])
    }
  }

  func type(_ text: String, into selector: String) async throws {
    try await send("DOM.focus", ["nodeId": node(selector)])
    try await send("Input.insertText", ["text": .text(text)])
  }

  /// The markup of an element as the browser has it now.
  func markup(_ selector: String = "html") async throws -> String {
    for _ in 0..<20 {
      do {
        return try await send("DOM.getOuterHTML", ["nodeId": node(selector)])["outerHTML"].shown
      } catch let fault as NotDone where fault.description.contains("Could not find node") {
        // The page's script has just put another one in its place: it is looked for again.
      }
    }
    throw NotDone(description: "\(selector) is replaced again and again")
  }

  /// The value of an expression in the page.
  func value(_ expression: String) async throws -> JSONValue {
    let result = try await send(
      "Runtime.evaluate",
      ["expression": .text(expression), "returnByValue": .flag(true), "awaitPromise": .flag(true)])
    guard result["exceptionDetails"].isNull else {
      throw NotDone(description: result["exceptionDetails"].shown)
    }
    return result.value(at: "result.value")
  }

  func switchScriptsOff() async throws {
    try await send("Emulation.setScriptExecutionDisabled", ["value": .flag(true)])
  }

  func size(_ width: Int, _ height: Int) async throws {
    try await send(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .whole(width), "height": .whole(height), "deviceScaleFactor": .whole(1),
        "mobile": .flag(false),
      ])
  }

  func prefer(_ scheme: String) async throws {
    try await send(
      "Emulation.setEmulatedMedia",
      [
        "features": .list([
          .object(["name": .text("prefers-color-scheme"), "value": .text(scheme)])
        ])
      ])
  }

  /// A picture of the page, kept where people can look at it.
  func picture(_ name: String) async throws -> [UInt8] {
    let data = try await send(
      "Page.captureScreenshot", ["format": .text("png"), "captureBeyondViewport": .flag(true)])
    let bytes = try #require(Data(base64Encoded: data["data"].shown))
    let folder = "\(packageRoot)/.build/screenshots"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
    return Array(bytes)
  }

  /// What the browser complained about: scripts that failed, and what the policy stopped.
  var complaints: [String] {
    state.withLock { $0.events }.compactMap { method, params in
      switch method {
      case "Runtime.exceptionThrown": params["exceptionDetails"].shown
      case "Log.entryAdded" where params["entry"]["source"].shown == "security":
        params["entry"]["text"].shown
      case "Page.javascriptDialogOpening": params["message"].shown
      default: nil
      }
    }
  }

  /// Waits until something is so.
  func await(
    _ what: String, _ isSo: () async throws -> Bool
  ) async throws {
    for _ in 0..<600 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw NotDone(description: "never: \(what)")
  }

  private func loading(_ body: () async throws -> Void) async throws {
    let before = state.withLock { $0.loads }
    try await body()
    try await self.await("a page") { state.withLock { $0.loads } > before }
  }

  private func loading(_ body: () async throws -> JSONValue) async throws {
    try await loading { () async throws -> Void in _ = try await body() }
  }

  private func node(_ selector: String) async throws -> JSONValue {
    let root = try await send("DOM.getDocument").value(at: "root.nodeId")
    let node = try await send(
      "DOM.querySelector", ["nodeId": root, "selector": .text(selector)])["nodeId"]
    guard node != .whole(0) else { throw NotDone(description: "there is no \(selector)") }
    return node
  }
}
