internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct AttachCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach", abstract: "Attach local standard input, output, and error streams to a running container",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, parsing: .unconditional, help: "Override the key sequence for detaching a container")
  var detachKeys: String?
  @Flag(name: .long, help: "Do not attach STDIN")
  var noStdin = false
  @Option(name: .long, help: "Proxy all received signals to the process")
  var sigProxy = true
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    let keys = try detachKeys.map { try DetachKeys($0) } ?? .standard
    let inspect = try await engine.decode(ContainerInspectResponse.self, .GET, "/containers/\(container)/json")
    guard inspect.state.isRunning else {
      throw ClientError.failed("cannot attach to a stopped container, start it first")
    }
    guard !inspect.state.isPaused else {
      throw ClientError.failed("cannot attach to a paused container, unpause it first")
    }
    if !noStdin, inspect.config.tty, !RawTerminal.isInputTerminal { throw ClientError.noTerminal }
    let attachment = ContainerAttachment(
      engine: engine, container: inspect, hasInput: inspect.config.openStdin && !noStdin, hasOutput: true,
      detachKeys: detachKeys, keys: keys, forwardsSignals: sigProxy)
    let code = try await attachment.run(until: "not-running") {}
    guard let code else { throw ClientError.detached }
    if code != 0 { throw ExitCode(code) }
  }
}
