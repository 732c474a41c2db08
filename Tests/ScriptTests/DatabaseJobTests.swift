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
    #expect(run["restore-over"] == "1 that moment was restored before; nothing is overwritten")
  }

  @Test(.covers("S04-BKP-05", "C-19", "S04-BKP-06"))
  func `a restored moment takes the primary's place, and goes again if it was the wrong one`()
    async throws
  {
    let run = try await DatabaseRun.shared()
    #expect(run["can-use"] == "0 can-use: done", run.story)
    #expect(run["no-such-moment"] == "1 that moment was not restored: scripts/restore-to-time")
    #expect(run["early-back"] == "1 nothing was exchanged before")
    #expect(run["use"] == "0 use: done")
    #expect(run["accept"] == "0 the primary accepts writes")
    // The moment's rows, out of recovery, and nothing left that would stop a copy's recovery.
    #expect(run["moment"] == "before f 0")
    #expect(run["moment-writes"] == "since")
    #expect(run["use-twice"].hasPrefix("1 that moment was not restored"))
    #expect(run["back"] == "0 back: done")
    #expect(run["back-marks"] == "before after")
    #expect(run["forgotten"] == "pgdata")
  }

  @Test(.covers("S18-BKP-09"))
  func `copies of the server are read and compared, and a spoiled one is found`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["verify-copy"] == "0 verified the copies", run.story)
    #expect(run.ended("verify-spoiled").status == 1, run.story)
  }

  @Test func `the replica with more of the log is promoted, once, and only a replica`()
    async throws
  {
    let run = try await DatabaseRun.shared()
    #expect(run["follows"] == "t", run.story)
    #expect(run["early-promote"] == "1 'postgres-primary' is no replica")
    #expect(
      run["behind"] == """
        1 'postgres-replica-2' has more of the log than 'postgres-replica-1': promote that one
        """)
    #expect(run["promote"] == "0 'postgres-replica-2' accepts writes")
    #expect(run["promote-again"] == "1 'postgres-replica-2' is no replica")
  }

  @Test func `data is what it is, whatever a server is called`() async throws {
    let run = try await DatabaseRun.shared()
    let refused = "error: this is a primary's data; it gets a copy by scripts/rejoin"
    #expect(run["promoted-as-replica"] == "\(refused) postgres-replica-2", run.story)
    #expect(run["old-as-replica"] == "\(refused) postgres-replica-2")
    #expect(
      run["replica-as-primary"] == """
        error: this is a replica's data; a replica becomes the primary by scripts/promote
        """)
  }

  @Test func `after a promotion everybody goes on, and the old primary's node gets a copy`()
    async throws
  {
    let run = try await DatabaseRun.shared()
    #expect(run["moved"] == "0 the primary accepts writes", run.story)
    // Clients ask for the same name, and find the promoted data under it.
    #expect(run["promoted-writes"] == "promoted")
    #expect(run["other-follows"] == "yes")
    #expect(run["other-streams"] == "0 'postgres-replica-1' follows")
    #expect(run["rejoin"] == "0 'postgres-replica-2' has a copy")
    #expect(run["aside"] == "pgdata pgdata.aside")
    #expect(run["rejoined"] == "0 'postgres-replica-2' follows")
    // What only the lost primary had is in no copy.
    #expect(run["rejoined-marks"] == "before after late promoted")
    #expect(run["slots"] == "postgres_replica_1:true postgres_replica_2:true")
  }

  @Test(.covers("S04-AUTH-06"))
  func `a new version of a password reaches the server with its start`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["rotated"] == "1", run.story)
    #expect(run["rotated-old"] == "password authentication failed")
  }

  @Test func `no secret is in an argument or in what a job or a server says`() async throws {
    let run = try await DatabaseRun.shared()
    #expect(run["canaries"] == "0", run.story)
    #expect(run["arguments"] == "")
    // The watcher has seen the files of passwords, so it would have seen arguments.
    #expect(run["own-files"].contains("passwords secrets.conf"))
  }
}
