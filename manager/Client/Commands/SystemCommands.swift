internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct VersionCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Show the version information", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Format output: json or TEMPLATE")
  var format: String?

  func execute(_ engine: EngineClient) async throws {
    let format = try ObjectFormat(format, name: "version")
    if case .text = format { try await StandardOutput.output.write(SystemReport.client(address: engine.address)) }
    let version = try await engine.decode(SystemVersion.self, .GET, "/version")
    let all = JSONValue.object(JSONObject([("Client", SystemReport.client), ("Server", try version.value())]))
    try await print(all, format, type: "system.versionInfo", name: "version") {
      try await StandardOutput.output.write("\n" + SystemReport.server(version))
    }
  }
}

struct InfoCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Display system-wide information", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Format output: json or TEMPLATE")
  var format: String?

  func execute(_ engine: EngineClient) async throws {
    let format = try ObjectFormat(format)
    let info = try await engine.decode(SystemInfo.self, .GET, "/info")
    try await print(try info.value(), format, type: "system.dockerInfo", name: "") {
      try await StandardOutput.output.write(SystemReport.info(info))
      for warning in info.warnings ?? [] { try await StandardOutput.errors.writeLine(warning) }
    }
  }
}

extension ClientCommand {
  /// Prints one thing as JSON, by a template, or as `text` does.
  /// - Parameters:
  ///   - type: what a template's message calls the thing.
  ///   - name: the template's own in a message.
  fileprivate func print(
    _ value: JSONValue, _ format: ObjectFormat, type: String, name: String, text: () async throws -> Void
  ) async throws {
    switch format {
    case .text: try await text()
    case .json: try await StandardOutput.output.writeLine(JSONWriter.string(value))
    case .template(let template):
      var context = TemplateContext(value)
      context.typeName = type
      let line: String
      do throws(TemplateError) { line = try template.text(for: context) } catch {
        throw ClientError.failed(ObjectFormat.named(error, name))
      }
      try await StandardOutput.output.writeLine(line)
    }
  }
}

extension JSONConvertible {
  /// Itself as JSON, for templates.
  fileprivate func value() throws(JSONError) -> JSONValue { try JSONReader.read(JSONWriter.bytes(self)) }
}
