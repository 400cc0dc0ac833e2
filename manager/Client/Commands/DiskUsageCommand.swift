internal import ArgumentParser
internal import EngineAPI
internal import Glibc
internal import NIOHTTP1

struct DiskUsageCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "system df", abstract: "Show Proa's disk usage", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Flag(name: [.short, .long], help: "Show detailed information on space usage")
  var verbose = false

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "template parsing error")
    guard !verbose || format.isTable else {
      throw ClientError.failed("the verbose report is a table: use --verbose without --format")
    }
    let usage = try await engine.decode(DiskUsage.self, .GET, "/system/df")
    let text = verbose ? DiskUsageDetails.text(usage, now: Int64(time(nil))) : try summary(usage, format)
    try await StandardOutput.output.write(text)
  }

  private func summary(_ usage: DiskUsage, _ format: ListFormat) throws -> String {
    let rows = DiskUsageRow.rows(usage)
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: DiskUsageRow.headings) { return text }
    } catch { throw ClientError.failed("template parsing error: \(error)") }
    var table = Table(DiskUsageRow.titles)
    for row in rows { table.append(row.cells) }
    return table.text
  }
}
