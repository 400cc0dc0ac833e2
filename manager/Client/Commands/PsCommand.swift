internal import ArgumentParser
internal import EngineAPI
internal import Glibc
internal import NIOHTTP1

struct PsCommand: ClientCommand {
  static let configuration = CommandConfiguration(commandName: "ps", abstract: "List containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Show all containers (default shows just running)")
  var all = false
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Filter output based on conditions provided")
  var filter: [String] = []
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: "Show n last created containers (includes all states)")
  var last = -1
  @Flag(name: [.short, .long], help: "Show the latest created container (includes all states)")
  var latest = false
  @Flag(name: .long, help: "Don't truncate output")
  var noTrunc = false
  @Flag(name: [.short, .long], help: "Only display container IDs")
  var quiet = false
  @Flag(name: [.short, .long], help: "Display total file sizes")
  var size = false

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "failed to parse template")
    if quiet, format.isTemplate {
      let warning = "WARNING: Ignoring custom format, because both --format and --quiet are set."
      try await StandardOutput.errors.writeLine(warning)
    }
    let limit = latest ? 1 : last
    let target = ("/containers/json" as RequestTarget).with("all", all).with("limit", limit > 0 ? "\(limit)" : nil)
      .with("size", size || format.mentions(".Size")).with("filters", try FilterArgument.json(filter))
    let containers = try await engine.decode([ContainerSummary].self, .GET, target)
    try await StandardOutput.output.write(text(containers, format))
  }

  private func text(_ containers: [ContainerSummary], _ format: ListFormat) throws -> String {
    let now = Int64(time(nil))
    let rows = containers.map { ContainerRow($0, truncates: !noTrunc, now: now) }
    if quiet { return rows.map { $0.id + "\n" }.joined() }
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: ContainerRow.headings) { return text }
    } catch { throw ClientError.failed("failed to execute template: \(error)") }
    var table = Table(ContainerRow.headings(withSize: size))
    for row in rows { table.append(row.cells(withSize: size)) }
    return table.text
  }
}
