internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct PushCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "push", abstract: "Upload an image to a registry", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Push all tags of an image to the repository")
  var allTags = false
  @Flag(name: [.short, .long], help: "Suppress verbose output")
  var quiet = false
  @Argument(help: .init(valueName: "name")) var images: [String] = []

  func execute(_ engine: EngineClient) async throws {
    let image = images.first ?? ""
    let name = RemoteName(image)
    guard !name.text.contains("@") else { throw ClientError.failed("cannot push a digest reference") }
    guard !allTags || name.text != image else { throw ClientError.failed("tag can't be used with --all-tags/-a") }
    if name.text != image, !allTags, !quiet { try await StandardOutput.output.writeLine("Using default tag: latest") }
    let target = ("/images/\(name.repository)/push" as RequestTarget).with("tag", allTags ? "" : name.reference)
    // The daemon wants to be told that there is nobody in particular.
    let login = try StoredLogins.header(for: name.registry) ?? StoredLogins.nobody
    let answer = try await engine.send(.POST, target, headers: ["X-Registry-Auth": login])
    defer { answer.close() }
    try await ProgressPrinter(isQuiet: quiet).print(answer)
    if quiet { try await StandardOutput.output.writeLine(name.canonical) }
  }
}
