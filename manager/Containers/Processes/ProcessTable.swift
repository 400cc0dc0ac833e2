/// What `ps` says of some processes.
public struct ProcessTable: Equatable, Sendable {
  public var titles: [String]
  /// A row per process, in the order of `ps`; the last column may have spaces.
  public var rows: [[String]]
}

extension ProcessTable {
  /// Picks the rows of `pids` out of `ps`'s output.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words if there is no column that says whose a row is.
  init(psOutput text: String, pids: Set<Int32>) throws(ContainerError) {
    var lines = text.split(separator: "\n").map(Self.fields)
    titles = lines.isEmpty ? [] : lines.removeFirst()
    guard let column = titles.firstIndex(of: "PID") else {
      throw .invalid("Couldn't find PID field in ps output")
    }
    rows = []
    var isOfContainer = false
    for fields in lines where fields.count > column {
      // A thread's line has a dash, and stands below that of its process.
      if fields[column] != "-" { isOfContainer = Int32(fields[column]).map(pids.contains) ?? false }
      guard isOfContainer else { continue }
      let last = fields.dropFirst(titles.count - 1).joined(separator: " ")
      rows.append(Array(fields.prefix(titles.count - 1)) + [last])
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split { [" ", "\t", "\r", "\u{b}", "\u{c}"].contains($0) }.map(String.init)
  }
}
