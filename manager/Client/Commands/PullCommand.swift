internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct PullCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Download an image from a registry", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, parsing: .unconditional, help: "Set platform if server is multi-platform capable")
  var platform: String?
  @Flag(name: [.short, .long], help: "Suppress verbose output")
  var quiet = false
  @Flag(name: [.customShort("a"), .long], help: "Download all tagged images in the repository")
  var allTags = false
  @Argument(help: .init(valueName: "name")) var images: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let image = images.first ?? ""
    var pull = ImagePull(image: image, platform: platform, isQuiet: quiet, output: .output)
    pull.isOfAllTags = allTags
    guard !allTags || pull.name.text != image else {
      throw ClientError.failed("tag can't be used with --all-tags/-a")
    }
    if !allTags, pull.name.text != image, !quiet {
      try await StandardOutput.output.writeLine("Using default tag: latest")
    }
    try await pull.run(engine)
    try await StandardOutput.output.writeLine(allTags ? pull.name.canonicalRepository : pull.name.canonical)
  }
}

/// Has the daemon pull an image, and prints how it goes.
struct ImagePull {
  let name: RemoteName
  let platform: String?
  let isQuiet: Bool
  let output: StandardOutput
  /// Whether every tag of the repository is meant.
  var isOfAllTags = false

  init(image: String, platform: String?, isQuiet: Bool, output: StandardOutput) {
    name = RemoteName(image)
    (self.platform, self.isQuiet, self.output) = (platform, isQuiet, output)
  }

  func run(_ engine: EngineClient) async throws {
    let target = ("/images/create" as RequestTarget).with("fromImage", name.repository).with(
      "tag", isOfAllTags ? nil : name.reference
    )
    .with("platform", platform)
    let login = try StoredLogins.header(for: name.registry)
    let answer = try await engine.send(.POST, target, headers: login.map { ["X-Registry-Auth": $0] } ?? [:])
    defer { answer.close() }
    try await ProgressPrinter(isQuiet: isQuiet, output: output).print(answer)
  }
}
