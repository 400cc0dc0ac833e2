internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import LinuxKernel
internal import NIOHTTP1

struct CommitCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit", abstract: "Create a new image from a container's changes", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Author (e.g., \"John Hannibal Smith\")")
  var author: String?
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Apply Dockerfile instruction to the created image"
  )
  var change: [String] = []
  @Option(name: [.short, .long], parsing: .unconditional, help: "Commit message")
  var message: String?
  @Option(name: [.short, .long], parsing: .unconditional, help: "Pause container during commit")
  var pause = true
  @Argument(help: .init(valueName: "container")) var arguments: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let target = NewImageName.added(
      to: ("/commit" as RequestTarget).with("container", arguments[0]).with("author", author).with("comment", message)
        .with("pause", pause ? "1" : "0"), arguments.dropFirst().first)
    let request = change.reduce(target) { $0.with("changes", $1) }
    let answer = try await engine.decode(JSONValue.self, .POST, request)
    try await StandardOutput.output.writeLine(answer.object?["Id"]?.string ?? "")
  }
}

struct ImportCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import the contents from a tarball to create a filesystem image",
    helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Apply Dockerfile instruction to the created image"
  )
  var change: [String] = []
  @Option(name: [.short, .long], parsing: .unconditional, help: "Set commit message for imported image")
  var message: String?
  @Option(name: .long, parsing: .unconditional, help: "Set platform if server is multi-platform capable")
  var platform: String?
  @Argument(help: .init(valueName: "file")) var arguments: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let source = arguments[0]
    let isURL = source.hasPrefix("http://") || source.hasPrefix("https://")
    let target = NewImageName.added(
      to: ("/images/create" as RequestTarget).with("fromSrc", isURL ? source : "-").with("message", message)
        .with("platform", platform), arguments.dropFirst().first)
    let request = change.reduce(target) { $0.with("changes", $1) }
    let archive = isURL ? nil : try reader(of: source)
    let answer = try await engine.send(.POST, request, body: .stream { try await archive?.next() })
    defer { answer.close() }
    try await ProgressPrinter(isQuiet: false).print(answer)
  }

  private func reader(of path: String) throws -> InputReader {
    guard path != "-" else { return try InputReader.standardInput() }
    do { return try InputReader(FileDescriptor.open(path)) } catch let error as SyscallError {
      throw ClientError.failed("\(error)")
    }
  }
}

/// What an image is to be called: `REPOSITORY[:TAG]`, in the parameters that the API has for it.
private enum NewImageName {
  static func added(to target: RequestTarget, _ name: String?) -> RequestTarget {
    guard let name else { return target }
    let colon = name.lastIndex(of: ":").flatMap { name[$0...].contains("/") ? nil : $0 }
    return target.with("repo", String(name[..<(colon ?? name.endIndex)]))
      .with("tag", colon.map { String(name[$0...].dropFirst()) })
  }
}
