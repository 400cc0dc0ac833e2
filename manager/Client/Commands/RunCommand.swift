internal import ArgumentParser
internal import EngineAPI
internal import LinuxKernel
internal import NIOHTTP1

struct RunCommand: AsyncParsableCommand, PassthroughCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Create and run a new container from an image",
    usage: "proa run [OPTIONS] IMAGE [COMMAND] [ARG...]", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var process: ProcessOptions
  @OptionGroup var container: ContainerOptions
  @OptionGroup var resources: ResourceOptions
  @OptionGroup var network: NetworkOptions
  @Argument(parsing: .captureForPassthrough, help: .init("Image, command and arguments.", valueName: "image"))
  var words: [String] = []

  func validate() throws { try checkForHelp() }

  func run() async throws {
    do {
      let creation = try ContainerCreation(process, container, resources, network, words, command: "run")
      let engine = try await global.engine()
      let code = try await ContainerRun(engine: engine, creation: creation).run()
      if code != 0 { throw ExitCode(code) }
    } catch let code as ExitCode {
      throw code
    } catch let error as ClientError where error.isOfStreams {
      try await StandardOutput.errors.writeLine("\(error)")
      throw ExitCode(1)
    } catch {
      try await StandardOutput.errors.writeLine("proa: \(error)\n\nRun 'proa run --help' for more information")
      throw ExitCode(ContainerRun.exitCode(for: error))
    }
  }
}

struct CreateCommand: AsyncParsableCommand, PassthroughCommand {
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
    do {
      let creation = try ContainerCreation(process, container, resources, network, words, command: "create")
      try await StandardOutput.output.writeLine(try await creation.create(global.engine()))
    } catch {
      try await StandardOutput.errors.writeLine("proa: \(error)\n\nRun 'proa create --help' for more information")
      throw ExitCode(ContainerRun.exitCode(for: error))
    }
  }
}
