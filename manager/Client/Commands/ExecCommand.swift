internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct ExecCommand: ClientCommand, PassthroughCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Execute a command in a running container",
    usage: "proa exec [OPTIONS] CONTAINER COMMAND [ARG...]", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var process: ProcessOptions
  @OptionGroup var detachment: DetachOptions
  @Argument(parsing: .captureForPassthrough, help: .init("Container, command and arguments.", valueName: "container"))
  var words: [String] = []

  func validate() throws { try checkForHelp() }

  func execute(_ engine: EngineClient) async throws {
    guard words.count >= 2 else { throw ClientError.usage("'proa exec' requires at least 2 arguments") }
    guard !words[0].hasPrefix("-") else { throw ClientError.usage("unknown flag: \(words[0])") }
    let keys = try detachment.keys()
    let config = try config()
    if config.attachStdin { try RawTerminal.require(for: process) }
    // Says whether there is such a container before anything is created for it.
    _ = try await engine.decode(ContainerInspectResponse.self, .GET, "/containers/\(words[0])/json")
    let created = try await engine.decode(
      IDResponse.self, .POST, "/containers/\(words[0])/exec", body: .json(config))
    var start = ExecStartRequest()
    start.detach = detachment.detach
    start.tty = process.tty
    start.consoleSize = config.consoleSize
    guard !detachment.detach else {
      return try await engine.perform(.POST, "/exec/\(created.id)/start", body: .json(start))
    }
    let end = try await session(engine, created.id, start, keys)
    let code: Int32 =
      switch end {
      case .detached: throw ClientError.detached
      case .killed(let signal): 128 + signal
      case .finished: try await exitCode(engine, created.id)
      }
    if code != 0 { throw ExitCode(code) }
  }

  private func config() throws -> ExecConfig {
    var config = ExecConfig()
    config.user = process.user
    config.privileged = process.privileged
    config.tty = process.tty
    config.attachStdin = process.interactive && !detachment.detach
    config.attachStdout = !detachment.detach
    config.attachStderr = !detachment.detach
    config.detach = detachment.detach
    config.detachKeys = detachment.detachKeys ?? ""
    let environment = try process.environment()
    config.environment = environment.isEmpty ? nil : environment
    config.workingDirectory = process.workingDirectory
    config.command = StringList(Array(words.dropFirst()))
    if process.tty, let size = RawTerminal.size { config.consoleSize = [size.rows, size.columns] }
    return config
  }

  private func session(
    _ engine: EngineClient, _ id: String, _ start: ExecStartRequest, _ keys: DetachKeys
  ) async throws -> AttachSession.End {
    let session = AttachSession(
      connection: try await engine.hijack("/exec/\(id)/start", body: .json(start)), hasTerminal: process.tty,
      hasInput: process.interactive, detachKeys: keys, resize: engine.resizer("/exec/\(id)/resize"), forward: nil)
    return try await session.run {
      if process.tty, let size = RawTerminal.size { try await session.resize(size.columns, size.rows) }
    }
  }

  private func exitCode(_ engine: EngineClient, _ id: String) async throws -> Int32 {
    Int32(clamping: try await engine.decode(ExecInspectResponse.self, .GET, "/exec/\(id)/json").exitCode ?? 0)
  }
}
