internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct StartCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start one or more stopped containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Attach STDOUT/STDERR and forward signals")
  var attach = false
  @Flag(name: [.short, .long], help: "Attach container's STDIN")
  var interactive = false
  @Option(name: .long, parsing: .unconditional, help: "Override the key sequence for detaching a container")
  var detachKeys: String?
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    guard attach || interactive else {
      return try await each(containers) { name in
        try await engine.perform(.POST, "/containers/\(name)/start")
        try await StandardOutput.output.writeLine(name)
      }
    }
    guard containers.count == 1 else {
      throw ClientError.usage("you cannot start and attach multiple containers at once")
    }
    try await startAttached(engine, containers[0])
  }

  private func startAttached(_ engine: EngineClient, _ name: String) async throws {
    let keys = try detachKeys.map { try DetachKeys($0) } ?? .standard
    let inspect = try await engine.decode(ContainerInspectResponse.self, .GET, "/containers/\(name)/json")
    // Its next exit is not what the user waits for, and starting it says nothing.
    guard !inspect.state.isRunning else {
      throw ClientError.failed("container \(name) is already running; use 'proa attach \(name)'")
    }
    let attachment = ContainerAttachment(
      engine: engine, container: inspect, hasInput: interactive && inspect.config.openStdin, hasOutput: true,
      detachKeys: detachKeys, keys: keys, forwardsSignals: attach)
    let code = try await attachment.run(until: inspect.hostConfig.autoRemove ? "removed" : "next-exit") {
      try await engine.perform(.POST, "/containers/\(inspect.id)/start")
    }
    // Detaching from a container that was started is no failure, as with `run`.
    if let code, code != 0 { throw ExitCode(code) }
  }
}
