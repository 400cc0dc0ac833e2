internal import ArgumentParser
internal import EngineAPI
internal import LinuxKernel
internal import NIOHTTP1

struct RunCommand: AsyncParsableCommand, CreatingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Create and run a new container from an image",
    usage: "proa run [OPTIONS] IMAGE [COMMAND] [ARG...]", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var process: ProcessOptions
  @OptionGroup var detachment: DetachOptions
  @OptionGroup var container: ContainerOptions
  @OptionGroup var resources: ResourceOptions
  @OptionGroup var network: NetworkOptions
  @Option(name: .long, help: "Proxy received signals to the process")
  var sigProxy = true
  @Argument(parsing: .captureForPassthrough, help: .init("Image, command and arguments.", valueName: "image"))
  var words: [String] = []

  func validate() throws { try checkForHelp() }

  func run() async throws {
    do {
      let creation = try ContainerCreation(
        process, container, resources, network, words, command: "run", detaches: detachment.detach)
      let keys = try detachment.keys()
      let run = ContainerRun(
        engine: try await global.engine(), creation: creation, detachment: detachment, keys: keys,
        proxiesSignals: sigProxy)
      let code = try await run.run()
      if code != 0 { throw ExitCode(code) }
    } catch let code as ExitCode {
      throw code
    } catch let error as ClientError where error.isOfStreams {
      try await StandardOutput.errors.writeLine("\(error)")
      throw ExitCode(1)
    } catch {
      try await StandardOutput.errors.writeLine(Self.message(for: error))
      throw ExitCode(ContainerRun.exitCode(for: error))
    }
  }
}

struct CreateCommand: AsyncParsableCommand, CreatingCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Create a new container",
    usage: "proa create [OPTIONS] IMAGE [COMMAND] [ARG...]", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var process: ProcessOptions
  @OptionGroup var container: ContainerOptions
  @OptionGroup var resources: ResourceOptions
  @OptionGroup var network: NetworkOptions
  @Argument(parsing: .captureForPassthrough, help: .init("Image, command and arguments.", valueName: "image"))
  var words: [String] = []

  func validate() throws { try checkForHelp() }

  func run() async throws {
    let creation: ContainerCreation
    do {
      creation = try ContainerCreation(process, container, resources, network, words, command: "create")
    } catch {
      try await StandardOutput.errors.writeLine(Self.message(for: error))
      throw ExitCode(ContainerRun.exitCode(for: error))
    }
    do { try await StandardOutput.output.writeLine(try await creation.create(global.engine())) } catch {
      // As in Docker, what is wrong now is told as by any other command.
      try await StandardOutput.errors.writeLine("\(error)")
      throw ExitCode(1)
    }
  }
}

/// What makes a container.
protocol CreatingCommand: PassthroughCommand {}

extension CreatingCommand {
  /// Docker shows the usage for a flag's wrong value, and otherwise says who speaks.
  static func message(for error: any Error) -> String {
    let name = configuration.commandName ?? ""
    if case ClientError.usage(let text) = error, text.hasPrefix("invalid argument "), let flags = CommandFlags.all[name]
    {
      return text + flags.advice(for: name)
    }
    // What becomes of a daemon is nothing that the command line could change.
    if case ClientError.lostContainer = error { return "proa: \(error)" }
    return "proa: \(error)\n\nRun 'proa \(name) --help' for more information"
  }
}
