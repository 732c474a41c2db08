import Foundation
import SlipwayDocuments
import TestSupport
import Testing

/// The pages for people hold what the documents want them to hold.
struct PageTests {
  private func headings(_ page: String) throws -> [String] {
    try generated("runbooks/\(page).md").split(separator: "\n").filter { $0.hasPrefix("#") }
      .map { String($0.drop { $0 == "#" || $0 == " " }) }
  }

  @Test(.covers("S04-ERR-05", "S18-INC-11", "S18-INC-12", "S18-INC-13", "S18-INC-14"))
  func `incidents that come again have their section`() throws {
    let found = try headings("incidents")
    for heading in [
      "Connections to the database are used up", "More than one request in twenty fails",
      "Orders fail", "Live connections break",
    ] {
      #expect(found.contains(heading), "\(heading)")
    }
    let page = try generated("runbooks/incidents.md")
    #expect(page.contains("FROM pg_stat_activity"))
    #expect(page.contains("`docker service update --force NAME`. `scripts/status` says the names."))
    #expect(page.contains("now() - xact_start > interval '5 minutes'"))
    #expect(page.contains("the last ten orders that failed"))
    #expect(page.contains("#incident-YYYYMMDD-HHMM"))
  }

  @Test(
    .covers(
      "S18-24H-01", "S18-24H-02", "S18-24H-03", "S18-24H-04", "S18-24H-05", "S18-24H-06",
      "S18-24H-07"))
  func `the first day says what is looked at each hour, and once`() throws {
    let page = try generated("runbooks/first-24-hours.md")
    let watched = rows(page)
    for what in [
      "share of requests that fail", "half, 95 and 99 of 100 answered within",
      "memory of each replica", "connections in use", "orders that come through",
      "faults that are new in the error tracker",
    ] {
      #expect(watched[what] != nil, "\(what)")
    }
    #expect(page.contains("The night's copies were taken and verified"))
    #expect(page.contains("The renewal of the certificate is scheduled"))
  }

  @Test(.covers("S03-OPS-01", "S03-OPS-02", "S03-OPS-03"))
  func `routines have their day and their hour`() throws {
    let found = try headings("routines")
    for heading in ["Each day, 08:00 UTC", "Each week, Monday", "Each month, first working day"] {
      #expect(found.contains(heading), "\(heading)")
    }
    let page = try generated("runbooks/routines.md")
    for part in [
      "Fewer than one request in a hundred failed, and 95 of 100 were answered within 50 ms",
      "More than 80 of 100 views came from the cache", "Logs of the last seven days",
      "Cost against the budget", "replace the secrets whose age comes up",
    ] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test(.covers("S04-RBK-02", "S04-RBK-03", "S04-RBK-07"))
  func `the way back keeps traces, tells those who wait and opens the doors again`() throws {
    let steps = try generated("runbooks/rollback.md").split(separator: "\n")
      .filter { $0.prefix(1).allSatisfy(\.isNumber) }
    func number(_ part: String) -> Int? { steps.firstIndex { $0.contains(part) } }
    let kept = try #require(number("Keep logs and metrics of the last hour"))
    let back = try #require(number("`scripts/rollback` brings back the release before"))
    let open = try #require(number("`scripts/maintenance off`"))
    let told = try #require(number("Tell those who wait"))
    #expect(kept < back && back < open && open < told)
  }

  @Test(.covers("S04-AUTH-06")) func `every secret has an age after which it is replaced`() throws {
    let page = try generated("runbooks/routines.md")
    let reference = try generated("configuration.md").split(separator: "\n")
    let head = try #require(reference.firstIndex { $0.hasPrefix("| Secret |") })
    let secrets = reference[(head + 2)...].prefix { $0.hasPrefix("|") }.compactMap {
      $0.split(separator: "`").dropFirst().first
    }
    #expect(secrets.count > 20)
    for secret in secrets { #expect(page.contains("`\(secret)`"), "\(secret)") }
  }

  @Test(.covers("S03-TRB-01", "S03-TRB-02", "S03-TRB-03", "C-37"))
  func `slow answers, missed caches and a silent database have a page that does no harm`() throws {
    #expect(try headings("api-errors").contains("HighLatency"))
    #expect(try headings("data-stores").contains("LowCacheHitRate"))
    #expect(try headings("data-stores").contains("DatabaseDown"))
    let folder = URL(fileURLWithPath: "\(packageRoot)/generated/runbooks")
      .resolvingSymlinksInPath().path
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(pages.count > 10)
    for page in pages {
      let text = try generated("runbooks/\(page)").uppercased()
      for harm in ["FLUSHDB", "FLUSHALL", "KEYS *", "MONITOR\n", "ECHO $"] {
        #expect(!text.contains(harm), "\(page) tells to \(harm)")
      }
    }
  }

  @Test(.covers("S03-CL-DOC-05", "S03-CL-ENV-07", "S04-ERR-08"))
  func `every verb for an emergency or a routine is named by a page`() throws {
    let folder = URL(fileURLWithPath: "\(packageRoot)/generated/runbooks")
      .resolvingSymlinksInPath().path
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder)
      .map { try generated("runbooks/\($0)") }
    for verb in [
      "backup", "certificate", "maintenance", "restore", "restore-to-time", "rollback",
      "secrets-check", "status", "verify-backup", "promote", "rejoin", "use-restored",
    ] {
      #expect(pages.contains { $0.contains("`scripts/\(verb)") }, "\(verb)")
      for environment in Deployed.depended {
        #expect(try environment.text("scripts/\(verb)").hasPrefix("#!"), "\(verb)")
      }
    }
  }

  @Test(.covers("S17-VAR-01")) func `git ignores env files, but for the example`() throws {
    let lines = try repository(".gitignore").split(separator: "\n").map(String.init)
    let ignored = try #require(lines.firstIndex(of: ".env"))
    let kept = try #require(lines.firstIndex(of: "!.env.example"))
    #expect(lines.contains(".env.*") && ignored < kept)
  }
}
