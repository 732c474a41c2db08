import TestSupport
import Testing

/// The jobs on the database, run as they are generated on a real server with a real archive.
/// (F17, F18, C-18, C-19, S18-BKP-01 ... 12)
struct DatabaseJobTests {
  @Test(.covers("S18-BKP-02", "S18-BKP-03", "S18-CL-DEP-04", "C-18"))
  func `a dump says what it holds, to the row`() async throws {
    let run = try await DatabaseRun.shared()
    let ended = run.ended("backup")
    #expect(ended.status == 0, run.story)
    let name = "daily-20260101T020000Z"
    let form = try Regex(
      #"^result \{"name":"\#(name)","digest":"[0-9a-f]{64}","counts":"[0-9a-f]{64}","#
        + #""bytes":[0-9]{4,},"tables":2,"rows":1[0-9]{3}\}$"#)
    #expect(ended.said.wholeMatch(of: form) != nil, "\(ended.said)")
    #expect(run["backup-objects"] == "\(name).counts \(name).dump \(name).json")
  }

  @Test(.covers("S04-ERR-07", "S17-CL-DB-03"))
  func `a dump is proven in a database of its own, which goes again`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["verify"] == "0 verified daily-20260101T020000Z", run.story)
    #expect(run["after-verify"] == "flowrex_prod:true postgres:true")
  }

  @Test(.covers("S18-BKP-07", "S18-BKP-11", "S18-CL-DEP-05", "S03-OPS-08", "S04-ERR-06"))
  func `a restore brings back that moment with its rights, and keeps what was`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["restore"] == "0 restored daily-20260101T020000Z", run.story)
    #expect(run["after-restore"] == "0 1000 gone")
    #expect(
      run["kept"] == "flowrex_prod:true flowrex_prod_before_restore:false postgres:true")
    #expect(run["reader"] == "t")
    #expect(run["owner"] == "again")
    #expect(run["public"] == "f")
    #expect(run["restore-again"] == "0 restored daily-20260101T020000Z")
  }

  @Test(.covers("S18-BKP-08", "S18-BKP-09"))
  func `a dump that was cut off or is not there is refused before anything is touched`()
    async throws
  {
    let run = try await DatabaseRun.shared()
    #expect(run["cut-verify"] == "95 ERROR: [095]: unable to flush", run.story)
    #expect(run["cut-restore"] == "95 ERROR: [095]: unable to flush")
    #expect(run.ended("absent-verify").status == 55)
    #expect(
      run.ended("absent-verify").said.hasPrefix("ERROR: [055]: unable to open missing file"))
  }

  @Test(.covers("S04-BKP-05", "C-19"))
  func `a moment is restored to the second, paused, and over nothing`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run.ended("base").status == 0, run.story)
    #expect(run.ended("base").said.hasPrefix(#"result {"kind":"full","bytes":"#))
    #expect(run.ended("base-again").said.hasPrefix(#"result {"kind":"diff","bytes":"#))
    #expect(run.ended("restore-to-time").status == 0)
    #expect(run["moment"] == "before true paused")
    #expect(run["restore-over"] == "1 the volume is not empty; nothing is overwritten")
  }

  @Test func `a replica is promoted once, and only a replica`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["follows"] == "t", run.story)
    #expect(run["early-promote"] == "1 'postgres-primary' is no replica")
    #expect(run["promote"] == "0 'postgres-replica-1' accepts writes")
    #expect(run["promoted-writes"] == "promoted")
    #expect(run["promote-again"] == "1 'postgres-replica-1' is no replica")
  }

  @Test func `no secret is in an argument or in what a job or a server says`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["canaries"] == "0", run.story)
    #expect(run["arguments"] == "")
    // The watcher has seen the files of passwords, so it would have seen arguments.
    #expect(run["own-files"].contains("passwords secrets.conf"))
  }
}
