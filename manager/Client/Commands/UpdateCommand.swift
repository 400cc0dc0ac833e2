internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct UpdateCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Update configuration of one or more containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: UpdateOptions
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let update = try options.update()
    guard update != ContainerUpdateRequest() else {
      throw ClientError.usage("you must provide one or more flags when using this command")
    }
    try await each(containers) { name in
      let answer = try await engine.decode(
        ContainerUpdateResponse.self, .POST, "/containers/\(name)/update", body: .json(update))
      for warning in answer.warnings ?? [] { try await StandardOutput.errors.writeLine("WARNING: \(warning)") }
      try await StandardOutput.output.writeLine(name)
    }
  }
}
