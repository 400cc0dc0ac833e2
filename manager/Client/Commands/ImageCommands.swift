internal import ArgumentParser
internal import EngineAPI
internal import Glibc
internal import LinuxKernel
internal import NIOHTTP1

struct ImagesCommand: ClientCommand {
  static let configuration = CommandConfiguration(commandName: "images", abstract: "List images", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Show all images (default hides intermediate images)")
  var all = false
  @Flag(name: .long, help: "Show digests")
  var digests = false
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Filter output based on conditions provided")
  var filter: [String] = []
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Flag(name: .long, help: "Don't truncate output")
  var noTrunc = false
  @Flag(name: [.short, .long], help: "Only show image IDs")
  var quiet = false
  @Argument(help: "Only images of this name.") var repository: String?

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "template parsing error")
    let filters = filter + (repository.map { ["reference=\($0)"] } ?? [])
    let target = ("/images/json" as RequestTarget).with("all", all).with("filters", try FilterArgument.json(filters))
    let images = try await engine.decode([ImageSummary].self, .GET, target)
    try await StandardOutput.output.write(text(images, format))
  }

  private func text(_ images: [ImageSummary], _ format: ListFormat) throws -> String {
    if quiet { return images.map { (noTrunc ? $0.id : ImageIdentifier.short($0.id)) + "\n" }.joined() }
    let now = Int64(time(nil))
    let rows = images.flatMap { ImageRow.rows($0, truncates: !noTrunc, withDigests: digests, now: now) }
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: ImageRow.headings) { return text }
    } catch { throw ClientError.failed("template parsing error: \(error)") }
    var table = Table(ImageRow.headings(withDigests: digests))
    for row in rows { table.append(row.cells(withDigests: digests)) }
    return table.text
  }
}

struct RmiCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "rmi", abstract: "Remove one or more images", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Force removal of the image")
  var force = false
  @Flag(name: .long, help: "Do not delete untagged parents")
  var noPrune = false
  @Argument(help: .init(valueName: "image")) var images: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(images) { name in
      let target: RequestTarget = "/images/\(name)"
      let removed = try await engine.decode(
        [ImageDeleteResponseItem].self, .DELETE, target.with("force", force).with("noprune", noPrune))
      for item in removed {
        let line = item.deleted.isEmpty ? "Untagged: \(item.untagged)" : "Deleted: \(item.deleted)"
        try await StandardOutput.output.writeLine(line)
      }
    }
  }
}
