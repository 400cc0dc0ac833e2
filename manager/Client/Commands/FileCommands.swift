internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct DiffCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Inspect changes to files or directories on a container's filesystem",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    let changes = try await engine.decode(JSONValue.self, .GET, "/containers/\(container)/changes")
    for change in changes == .null ? [] : try [FilesystemChange](json: changes) {
      let kinds = ["C", "A", "D"]
      guard kinds.indices.contains(change.kind) else {
        throw ClientError.unexpectedAnswer("a change is of the kind \(change.kind)")
      }
      try await StandardOutput.output.writeLine("\(kinds[change.kind]) \(change.path)")
    }
  }
}

struct ExportCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export a container's filesystem as a tar archive", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Write to a file, instead of STDOUT")
  var output: String?
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    let target = try ArchiveTarget(output)
    try await target.receive(try await engine.send(.GET, "/containers/\(container)/export"))
  }
}
