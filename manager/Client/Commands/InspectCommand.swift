internal import ArgumentParser
internal import JSON
internal import NIOHTTP1

struct InspectCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Return low-level information on containers, images, networks and volumes",
    helpNames: .long
  )

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Display total file sizes if the type is container")
  var size = false
  @Option(name: [.short, .long], parsing: .unconditional, help: "Format output: json or TEMPLATE")
  var format: String?
  @Option(name: .long, help: "Only inspect objects of the given type: container, image, network or volume")
  var type: String?
  @Argument(help: .init(valueName: "name")) var names: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let format = try ObjectFormat(format)
    var found: [JSONValue] = []
    var missing: [String] = []
    for name in names {
      do { found.append(try await inspect(engine, name)) } catch let error as ClientError where error.isNotFound {
        missing.append(type == nil ? "Error: No such object: \(name)" : "\(error)")
      }
    }
    try await print(found, format)
    for message in missing { try await StandardOutput.errors.writeLine(message) }
    if !missing.isEmpty { throw ExitCode(1) }
  }

  private func print(_ found: [JSONValue], _ format: ObjectFormat) async throws {
    switch format {
    case .text: try await StandardOutput.output.writeLine(JSONWriter.string(JSONValue.array(found), .indented("    ")))
    case .json: try await StandardOutput.output.writeLine(JSONWriter.string(JSONValue.array(found)))
    case .template(let template):
      for value in found {
        let text: String
        do throws(TemplateError) { text = try template.text(for: TemplateContext(value)) } catch {
          throw ClientError.failed("template parsing error: \(error)")
        }
        try await StandardOutput.output.writeLine(text)
      }
    }
  }

  private func inspect(_ engine: EngineClient, _ name: String) async throws -> JSONValue {
    let container: RequestTarget = "/containers/\(name)/json"
    switch type {
    case "container": return try await engine.decode(JSONValue.self, .GET, container.with("size", size))
    case "image": return try await engine.decode(JSONValue.self, .GET, "/images/\(name)/json")
    case "network": return try await engine.decode(JSONValue.self, .GET, "/networks/\(name)")
    case "volume": return try await engine.decode(JSONValue.self, .GET, "/volumes/\(name)")
    case nil: break
    case let other?:
      throw ClientError.usage("\"\(other)\" is not a valid value for --type: container, image, network or volume is")
    }
    for target: RequestTarget in [container.with("size", size), "/images/\(name)/json", "/networks/\(name)"] {
      do { return try await engine.decode(JSONValue.self, .GET, target) } catch let error as ClientError
        where error.isNotFound
      { continue }
    }
    return try await engine.decode(JSONValue.self, .GET, "/volumes/\(name)")
  }
}
