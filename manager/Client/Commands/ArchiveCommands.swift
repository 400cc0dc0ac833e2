internal import ArgumentParser
internal import LinuxKernel
internal import NIOHTTP1

struct SaveCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save one or more images to a tar archive (streamed to STDOUT by default)",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Write to a file, instead of STDOUT")
  var output: String?
  @Option(name: .long, parsing: .unconditional, help: "Save only the given platform variant")
  var platform: String?
  @Argument(help: .init(valueName: "image")) var images: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let target = try ArchiveTarget(output)
    let platform = try platform.map(PlatformArgument.json)
    let request = images.reduce("/images/get" as RequestTarget) { $0.with("names", $1) }.with("platform", platform)
    try await target.receive(try await engine.send(.GET, request))
  }
}

struct LoadCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Load an image from a tar archive or STDIN", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Read from tar archive file, instead of STDIN")
  var input: String?
  @Option(name: .long, parsing: .unconditional, help: "Load only the given platform variant")
  var platform: String?
  @Flag(name: [.short, .long], help: "Suppress the load output")
  var quiet = false

  func execute(_ engine: EngineClient) async throws {
    let archive = try archive()
    let target = ("/images/load" as RequestTarget).with("quiet", quiet ? "1" : "0")
      .with("platform", try platform.map(PlatformArgument.json))
    let answer = try await engine.send(.POST, target, body: .stream { try await archive.next() })
    defer { answer.close() }
    try await ProgressPrinter(isQuiet: quiet).print(answer)
  }

  private func archive() throws -> InputReader {
    if let input {
      do { return try InputReader(FileDescriptor.open(input)) } catch let error as SyscallError {
        throw ClientError.failed("\(error)")
      }
    }
    guard !RawTerminal.isInputTerminal else {
      throw ClientError.usage("requested load from stdin, but stdin is empty")
    }
    return try InputReader.standardInput()
  }
}
