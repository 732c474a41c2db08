import Ledger

/// A list of one owner's rows, ordered by moment and id, the newest first; the index of the table
/// has the same order.
struct OwnedList {
  let table: String
  let columns: [String]
  let time: String

  /// All its columns of the rows that fulfil a condition.
  func select(_ condition: String) -> String {
    "SELECT \(columns.joined(separator: ", ")) FROM \(table) WHERE \(condition)"
  }

  /// One row more than is wanted, so that it is known whether there is another page. Moment and
  /// id stand once more at the end, so that also a row that cannot be read has its place.
  fileprivate func statement(of owner: PersonID, _ page: PageRequest) -> (String, [SQLValue]) {
    var values: [SQLValue] = [.id(owner), .count(min(page.limit, .max - 1) + 1)]
    var behind = ""
    if let place = page.place {
      behind = " AND (\(time), id) < ($3, $4)"
      // A place of another list has other names: it stands behind its moment.
      values += [.time(place.at), .text(place.names.first ?? "")]
    }
    let all = (columns + [time, "id"]).joined(separator: ", ")
    return (
      """
      SELECT \(all) FROM \(table) WHERE owner = $1\(behind)
      ORDER BY \(time) DESC, id DESC LIMIT $2
      """, values
    )
  }
}

extension SQLTransaction {
  /// - Parameter item: reads the list's columns.
  func read<Item>(
    _ list: OwnedList, of owner: PersonID, _ page: PageRequest,
    _ item: (inout RowReader) throws(StoreFault) -> Item
  ) throws(StoreFault) -> ListPage<Item> {
    let (sql, values) = list.statement(of: owner, page)
    let rows = try connection.execute(sql, values)
    var items: [Item] = []
    var unreadable: [String] = []
    var last: ListPlace?
    for row in rows.prefix(page.limit) {
      var reader = RowReader(SQLRow(Array(row.values.suffix(2))), of: list.table)
      let place = try ListPlace(at: reader.time(), reader.text())
      last = place
      do throws(StoreFault) {
        items.append(try RowValues(row: row).read(of: list.table, item))
      } catch {
        // One row hides no other.
        guard case .unreadable = error else { throw error }
        unreadable.append("\(place.names.joined()): \(error)")
      }
    }
    return ListPage(items, next: rows.count > page.limit ? last : nil, unreadable: unreadable)
  }

  /// Adds a row unless its key is there. Looked for first, so that the database is not asked to
  /// put a row in another's place.
  ///
  /// - Parameter values: in the order of the columns, the third is the key.
  func insert(
    _ list: OwnedList, _ values: [SQLValue], of owner: PersonID, key: ClientKey
  ) throws(StoreFault) -> Bool {
    let found = try run(
      "SELECT id FROM \(list.table) WHERE owner = $1 AND client_key = $2", .id(owner),
      .text(key.text))
    guard found.isEmpty else { return false }
    let places = list.columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    // Somebody may have been quicker: who waits for them comes here after their commit.
    let rows = try connection.execute(
      """
      INSERT INTO \(list.table) (\(list.columns.joined(separator: ", "))) VALUES (\(places))
      ON CONFLICT (owner, client_key) DO NOTHING RETURNING id
      """, values)
    return !rows.isEmpty
  }
}
