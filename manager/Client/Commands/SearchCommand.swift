internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct SearchCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Search Docker Hub for images", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Filter output based on conditions provided")
  var filter: [String] = []
  @Option(name: .long, parsing: .unconditional, help: "Pretty-print search using a Go template")
  var format = ""
  @Option(name: .long, parsing: .unconditional, help: "Max number of search results")
  var limit: Int?
  @Flag(name: .long, help: "Don't truncate output")
  var noTrunc = false
  @Argument(help: .init(valueName: "term")) var terms: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let term = terms.first ?? ""
    let format = try ListFormat(format, failure: "template parsing error")
    let target = ("/images/search" as RequestTarget).with("term", term).with("limit", limit.map { "\($0)" })
      .with("filters", try FilterArgument.json(filter))
    let login = try StoredLogins.header(for: RemoteName(term).registry)
    let answer = try await engine.send(.GET, target, headers: login.map { ["X-Registry-Auth": $0] } ?? [:])
    defer { answer.close() }
    let found: [ImageSearchResponseItem] = try await answer.decode()
    try await StandardOutput.output.write(text(found.sorted { $0.starCount > $1.starCount }, format))
  }

  private func text(_ found: [ImageSearchResponseItem], _ format: ListFormat) throws -> String {
    let rows = found.map { SearchRow($0, truncates: !noTrunc) }
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: SearchRow.headings) { return text }
    } catch { throw ClientError.failed("template parsing error: \(error)") }
    var table = Table(SearchRow.titles)
    for row in rows { table.append(row.cells) }
    return table.text
  }
}

/// A line of `proa search`.
struct SearchRow: Equatable {
  static let titles = ["NAME", "DESCRIPTION", "STARS", "OFFICIAL"]

  let name: String
  let description: String
  let stars: String
  let official: String
  let automated: String

  init(_ item: ImageSearchResponseItem, truncates: Bool) {
    name = item.name
    let line = String(item.description.map { $0.isNewline ? " " : $0 })
    description = truncates ? GoText.ellipsis(line, 45) : line
    stars = "\(item.starCount)"
    official = item.isOfficial ? "[OK]" : ""
    automated = item.isAutomated ? "[OK]" : ""
  }

  var cells: [String] { [name, description, stars, official] }

  /// For templates and JSON, named as Docker's are.
  var context: TemplateContext {
    Self.context([
      ("Description", description), ("IsAutomated", automated), ("IsOfficial", official), ("Name", name),
      ("StarCount", stars),
    ])
  }

  /// What a template prints above each field's column.
  static var headings: TemplateContext {
    context([
      ("Description", "DESCRIPTION"), ("IsAutomated", "AUTOMATED"), ("IsOfficial", "OFFICIAL"), ("Name", "NAME"),
      ("StarCount", "STARS"),
    ])
  }

  private static func context(_ members: [(String, String)]) -> TemplateContext {
    var context = TemplateContext(.object(JSONObject(members.map { ($0.0, .string($0.1)) })))
    context.typeName = "*formatter.searchContext"
    return context
  }
}
