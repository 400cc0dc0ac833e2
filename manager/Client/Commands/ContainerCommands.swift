internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct StopCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Stop one or more running containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var stopping: StopOptions
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      try await engine.perform(.POST, stopping.added(to: "/containers/\(name)/stop"))
      try await StandardOutput.output.writeLine(name)
    }
  }
}

struct KillCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill", abstract: "Kill one or more running containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Signal to send to the container")
  var signal: String?
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      let target: RequestTarget = "/containers/\(name)/kill"
      try await engine.perform(.POST, target.with("signal", signal))
      try await StandardOutput.output.writeLine(name)
    }
  }
}

struct RmCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove one or more containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Force the removal of a running container (uses SIGKILL)")
  var force = false
  @Flag(name: [.short, .long], help: "Remove the specified link")
  var link = false
  @Flag(name: [.short, .long], help: "Remove anonymous volumes associated with the container")
  var volumes = false
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      do {
        let target: RequestTarget = "/containers/\(name)"
        try await engine.perform(.DELETE, target.with("v", volumes).with("link", link).with("force", force))
        try await StandardOutput.output.writeLine(name)
      } catch let error as ClientError where force && error.isNotFound {
        // Forced removal of nothing is fine, but said.
        try await StandardOutput.errors.writeLine("\(error)")
      }
    }
  }
}

struct WaitCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait", abstract: "Block until one or more containers stop, then print their exit codes",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      let response = try await engine.decode(ContainerWaitResponse.self, .POST, "/containers/\(name)/wait")
      if let error = response.error { throw ClientError.failed(error.message) }
      try await StandardOutput.output.writeLine("\(response.statusCode)")
    }
  }
}

struct RestartCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart", abstract: "Restart one or more containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var stopping: StopOptions
  @Argument(help: .init(valueName: "container")) var containers: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(containers) { name in
      try await engine.perform(.POST, stopping.added(to: "/containers/\(name)/restart"))
      try await StandardOutput.output.writeLine(name)
    }
  }
}

struct RenameCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Rename a container", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Argument var container: String
  @Argument var newName: String

  func execute(_ engine: EngineClient) async throws {
    let target: RequestTarget = "/containers/\(container)/rename"
    try await engine.perform(.POST, target.with("name", newName))
  }
}
