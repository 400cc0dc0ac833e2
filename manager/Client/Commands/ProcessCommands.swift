internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct PauseCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Pause all processes within one or more containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      try await engine.perform(.POST, "/containers/\(name)/pause")
      try await StandardOutput.output.writeLine(name)
    }
  }
}

struct UnpauseCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "unpause", abstract: "Unpause all processes within one or more containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      try await engine.perform(.POST, "/containers/\(name)/unpause")
      try await StandardOutput.output.writeLine(name)
    }
  }
}

struct TopCommand: ClientCommand, PassthroughCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "Display the running processes of a container", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument(parsing: .captureForPassthrough, help: .init(valueName: "container")) var words: [String] = []

  func validate() throws { try checkForHelp() }

  func execute(_ engine: EngineClient) async throws {
    let options = words.dropFirst().joined(separator: " ")
    let target: RequestTarget = "/containers/\(words[0])/top"
    let answer = try await engine.decode(
      ContainerTopResponse.self, .GET, target.with("ps_args", options.isEmpty ? nil : options))
    var table = Table(answer.titles, minimumWidth: 20)
    for row in answer.processes { table.append(row) }
    try await StandardOutput.output.write(table.text)
  }
}

struct PortCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "port", abstract: "List port mappings or a specific mapping for the container", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument var container: String
  @Argument(help: "PRIVATE_PORT[/PROTO]") var port: String?

  func execute(_ engine: EngineClient) async throws {
    let inspect = try await engine.decode(ContainerInspectResponse.self, .GET, "/containers/\(container)/json")
    let ports = inspect.networkSettings.ports
    guard let port else {
      let lines = ports.sorted { Self.key($0.key) < Self.key($1.key) }.flatMap { port, bindings in
        (bindings.bindings ?? []).map { "\(port) -> \(Self.address($0))" }
      }
      return try await StandardOutput.output.write(lines.map { $0 + "\n" }.joined())
    }
    let wanted = port.contains("/") ? port : port + "/tcp"
    guard UInt16(wanted.prefix { $0 != "/" }) != nil else {
      throw ClientError.failed("Error: invalid port (\(port)): invalid port number")
    }
    guard let bindings = ports[wanted]?.bindings, !bindings.isEmpty else {
      throw ClientError.failed("Error: no public port '\(wanted)' published for \(container)")
    }
    try await StandardOutput.output.write(bindings.map { Self.address($0) + "\n" }.joined())
  }

  private static func address(_ binding: PortBinding) -> String {
    let host = binding.hostIP.contains(":") ? "[\(binding.hostIP)]" : binding.hostIP
    return "\(host):\(binding.hostPort)"
  }

  private static func key(_ port: String) -> (Int, String) { (Int(port.prefix { $0 != "/" }) ?? 0, port) }
}
