internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct EventsCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Get real time events from the server", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Filter output based on conditions provided")
  var filter: [String] = []
  @Option(name: .long, parsing: .unconditional, help: "Format output: json or TEMPLATE")
  var format: String?
  @Option(name: .long, help: "Show all events created since timestamp")
  var since: String?
  @Option(name: .long, help: "Stream events until this timestamp")
  var until: String?

  func execute(_ engine: EngineClient) async throws {
    let format = try ObjectFormat(format)
    let target = ("/events" as RequestTarget).with("since", Moment.parse(since)).with("until", Moment.parse(until))
      .with("filters", try FilterArgument.json(filter))
    let answer = try await engine.send(.GET, target)
    defer { answer.close() }
    for try await value in answer.lines() {
      try await StandardOutput.output.writeLine(Self.line(try EventMessage(json: value), format))
    }
  }

  private static func line(_ event: EventMessage, _ format: ObjectFormat) throws -> String {
    switch format {
    case .text: return EventLine.describe(event)
    case .json: return JSONWriter.string(event)
    case .template(let template):
      do throws(TemplateError) { return try template.text(for: EventLine.context(event)) } catch {
        throw ClientError.failed("\(error)")
      }
    }
  }
}
