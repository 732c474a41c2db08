import SlipwayPrograms
import Testing

/// Another program, run with bounds, by whoever needs one.
struct ProgramTests {
  private func run(
    _ script: String, timeout: Duration? = .seconds(120), limit: Int = 1 << 20,
    input: [UInt8] = [], seeing surroundings: ProgramRun.Surroundings = .ours(adding: [:])
  ) -> ProgramRun {
    ProgramRun(
      name: "/bin/sh", arguments: ["-c", script], surroundings: surroundings, timeout: timeout,
      limit: limit, input: input)
  }

  private func failure(_ run: ProgramRun) async -> ProgramRun.Failure? {
    do throws(ProgramRun.Failure) {
      _ = try await run.output()
      return nil
    } catch { return error }
  }

  @Test func `both streams and the status come back, with and without waiting in a task`()
    async throws
  {
    let script = "echo said; echo complained >&2; exit 7"
    let here = try run(script).wait()
    let there = try await run(script).output()
    for output in [here, there] {
      #expect(output.status == 7)
      #expect(String(decoding: output.stdout, as: UTF8.self) == "said\n")
      #expect(String(decoding: output.stderr, as: UTF8.self) == "complained\n")
    }
    let killed = try run("kill -9 $$").wait()
    #expect(killed.status == 137)
  }

  @Test func `much goes in while much comes out, and neither side waits for the other`() throws {
    let input = [UInt8](repeating: 0x61, count: 5_000_000)
    var count = 0
    let output = try run("cat", limit: 16, input: input).wait { bytes in
      count += bytes.count
      return true
    }
    #expect(output.status == 0 && output.stdout == [])
    #expect(count == input.count)
  }

  @Test func `what is not taken is bound`() async {
    guard case .tooMuch? = await failure(run("yes", limit: 1_000)) else {
      Issue.record("it says as much as it likes")
      return
    }
  }

  @Test func `what takes too long ends, with all that it started`() async {
    // The child of the child holds the stream open: only the end of the group ends the wait.
    guard case .timedOut? = await failure(run("sleep 600 & wait", timeout: .seconds(1))) else {
      Issue.record("it takes as long as it likes")
      return
    }
  }

  @Test func `a program that is not there is said to be`() async {
    let absent = ProgramRun(
      name: "/nowhere/at-all", arguments: [], surroundings: .only([:]), timeout: nil, limit: 1)
    guard case .notStarted("No such file or directory")? = await failure(absent) else {
      Issue.record("something else is said")
      return
    }
  }

  @Test func `a program sees our variables and more, or none but those it is given`() throws {
    let added = try run("echo $HOME-$MORE", seeing: .ours(adding: ["MORE": "more"])).wait()
    let text = String(decoding: added.stdout, as: UTF8.self)
    #expect(text.hasPrefix("/") && text.hasSuffix("-more\n"), "\(text)")
    let changed = try run("echo $HOME", seeing: .ours(adding: ["HOME": "elsewhere"])).wait()
    #expect(String(decoding: changed.stdout, as: UTF8.self) == "elsewhere\n")
    let alone = try run("echo $HOME-$MORE", seeing: .only(["MORE": "more"])).wait()
    #expect(String(decoding: alone.stdout, as: UTF8.self) == "-more\n")
  }
}
