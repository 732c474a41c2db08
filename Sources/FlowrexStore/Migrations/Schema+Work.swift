extension Schema {
  /// Who does which job, and whether people are told to come back later. (S18-ARCH-12, C-55)
  ///
  /// Leases hinder nobody who takes it back: no worker runs then, and the next one makes its own.
  static let work = Migration(
    8, "work", release: 1,
    vetoes: [
      Veto("maintenance", where: "is_on <> 0", "maintenance is on, and that would be forgotten")
    ],
    up: [
      """
      CREATE TABLE job_leases (
        job TEXT PRIMARY KEY, holder TEXT, fence BIGINT NOT NULL, renewal BIGINT NOT NULL)
      """,
      """
      CREATE TABLE maintenance (
        id BIGINT PRIMARY KEY CHECK (id = 1), is_on BIGINT NOT NULL, person TEXT, at BIGINT)
      """,
    ],
    down: ["DROP TABLE maintenance", "DROP TABLE job_leases"])
}
