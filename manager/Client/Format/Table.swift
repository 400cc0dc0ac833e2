/// A table on the terminal: columns three spaces apart.
struct Table {
  private var rows: [[String]]

  private let minimumWidth: Int

  /// - Parameter minimumWidth: of a column, with the spaces.
  init(_ headings: [String], minimumWidth: Int = 10) {
    rows = [headings]
    self.minimumWidth = minimumWidth
  }

  mutating func append(_ row: [String]) { rows.append(row) }

  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      max(minimumWidth, 3 + (rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0))
    }
    return rows.map { row in
      row.enumerated().map { index, cell in
        index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
      }.joined() + "\n"
    }.joined()
  }
}
