internal import ArgumentParser
internal import EngineAPI
internal import Glibc
internal import NIOHTTP1

struct HistoryCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show the history of an image", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Option(name: .long, parsing: .unconditional, help: "Print sizes and dates in human readable format")
  var human = true
  @Flag(name: .long, help: "Don't truncate output")
  var noTrunc = false
  @Flag(name: [.short, .long], help: "Only show image IDs")
  var quiet = false
  @Argument var image: String

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "template parsing error")
    let items = try await engine.decode([ImageHistoryItem].self, .GET, "/images/\(image)/history")
    let now = Int64(time(nil))
    let rows = items.map { HistoryRow($0, isHuman: human, truncates: !noTrunc, now: now) }
    try await StandardOutput.output.write(text(rows, format))
  }

  private func text(_ rows: [HistoryRow], _ format: ListFormat) throws -> String {
    if quiet { return rows.map { $0.id + "\n" }.joined() }
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: HistoryRow.headings) { return text }
    } catch { throw ClientError.failed("template parsing error: \(error)") }
    var table = Table(HistoryRow.titles(isHuman: human))
    for row in rows { table.append(row.cells) }
    return table.text
  }
}

struct TagCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument(help: .init(valueName: "source")) var source: String
  @Argument(help: .init(valueName: "target")) var target: String

  func execute(_ engine: EngineClient) async throws {
    let path: RequestTarget = "/images/\(source)/tag"
    try await engine.perform(.POST, path.with("repo", target))
  }
}
