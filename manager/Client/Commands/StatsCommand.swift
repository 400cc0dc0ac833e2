internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct StatsCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Display a live stream of container(s) resource usage statistics", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Show all containers (default shows just running)")
  var all = false
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Flag(name: .long, help: "Disable streaming stats and only pull the first result")
  var noStream = false
  @Flag(name: .long, help: "Do not truncate output")
  var noTrunc = false
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "template parsing error")
    let board = StatsBoard()
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      for name in try await names(engine) { await add(name, to: board, engine, &group) }
      if noStream {
        try await group.waitForAll()
        return try await print(await board.rows, format)
      }
      while true {
        // How often the board is drawn anew, as docker does; the figures come when the engine sends them.
        try await Task.sleep(for: .milliseconds(500))
        // Those that were started since.
        if containers.isEmpty { for name in try await names(engine) { await add(name, to: board, engine, &group) } }
        if StandardOutput.output.isTerminal { try await StandardOutput.output.write("\u{1B}[H\u{1B}[J") }
        try await print(await board.rows, format)
      }
    }
  }

  private func names(_ engine: EngineClient) async throws -> [String] {
    guard containers.isEmpty else { return containers }
    let target = ("/containers/json" as RequestTarget).with("all", all)
    return try await engine.decode([ContainerSummary].self, .GET, target).map(\.id)
  }

  private func add(
    _ name: String, to board: StatsBoard, _ engine: EngineClient, _ group: inout ThrowingTaskGroup<Void, any Error>
  ) async {
    guard await board.add(name) else { return }
    let target = ("/containers/\(name)/stats" as RequestTarget).with("stream", noStream ? "0" : "1")
    let (truncates, isList, streams) = (!noTrunc, containers.isEmpty, !noStream)
    group.addTask {
      do {
        let answer = try await engine.send(.GET, target)
        defer { answer.close() }
        for try await value in answer.lines() {
          await board.set(name, StatsRow(try ContainerStats(json: value), truncates: truncates))
        }
      } catch let error as ClientError where error.isNotFound && isList {
        // Removed since the list.
      }
      // The end of a stream is the container's.
      if streams { await board.remove(name) }
    }
  }

  private func print(_ rows: [StatsRow], _ format: ListFormat) async throws {
    try await StandardOutput.output.write(text(rows, format))
  }

  private func text(_ rows: [StatsRow], _ format: ListFormat) throws -> String {
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: StatsRow.headings) { return text }
    } catch { throw ClientError.failed("failed to execute template: \(error)") }
    var table = Table(StatsRow.titles)
    for row in rows { table.append(row.cells) }
    return table.text
  }
}

/// The last sample of each container, in the order in which they were named.
private actor StatsBoard {
  private var order: [String] = []
  private var samples: [String: StatsRow] = [:]

  /// - Returns: whether it is new.
  func add(_ name: String) -> Bool {
    guard !order.contains(name) else { return false }
    order.append(name)
    return true
  }

  func set(_ name: String, _ row: StatsRow) { samples[name] = row }

  func remove(_ name: String) {
    order.removeAll { $0 == name }
    samples[name] = nil
  }

  var rows: [StatsRow] { order.compactMap { samples[$0] } }
}
