internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct VersionCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Show the version information", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, help: "Format output: 'json'")
  var format: OutputFormat = .table

  func execute(_ engine: EngineClient) async throws {
    if format == .table { try await StandardOutput.output.write(SystemReport.client(address: engine.address)) }
    let version = try await engine.decode(SystemVersion.self, .GET, "/version")
    if format == .json { return try await StandardOutput.output.writeLine(JSONWriter.string(version)) }
    try await StandardOutput.output.write("\n" + SystemReport.server(version))
  }
}

struct InfoCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Display system-wide information", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, help: "Format output: 'json'")
  var format: OutputFormat = .table

  func execute(_ engine: EngineClient) async throws {
    let info = try await engine.decode(SystemInfo.self, .GET, "/info")
    if format == .json { return try await StandardOutput.output.writeLine(JSONWriter.string(info)) }
    try await StandardOutput.output.write(SystemReport.info(info))
    for warning in info.warnings ?? [] { try await StandardOutput.errors.writeLine(warning) }
  }
}
