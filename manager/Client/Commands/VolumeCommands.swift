internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct VolumesCommand: ClientCommand {
  static let configuration = CommandConfiguration(commandName: "volume ls", abstract: "List volumes", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Provide filter values (e.g. \"dangling=true\")")
  var filter: [String] = []
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Flag(name: [.short, .long], help: "Only display volume names")
  var quiet = false

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "template parsing error")
    let target = ("/volumes" as RequestTarget).with("filters", try FilterArgument.json(filter))
    let volumes = try await engine.decode(VolumeListResponse.self, .GET, target).volumes
    try await StandardOutput.output.write(text(volumes.sorted { $0.name < $1.name }, format))
  }

  private func text(_ volumes: [Volume], _ format: ListFormat) throws -> String {
    if quiet { return volumes.map { $0.name + "\n" }.joined() }
    let rows = volumes.map(VolumeRow.init)
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: VolumeRow.headings) { return text }
    } catch { throw ClientError.failed("template parsing error: \(error)") }
    var table = Table(["DRIVER", "VOLUME NAME"])
    for volume in volumes { table.append([volume.driver, volume.name]) }
    return table.text
  }
}

struct VolumeCreateCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "volume create", abstract: "Create a volume", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: [.short, .long], parsing: .unconditional, help: "Specify volume driver name")
  var driver = "local"
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Set metadata for a volume")
  var label: [String] = []
  @Option(name: [.short, .long], parsing: .unconditionalSingleValue, help: "Set driver specific options")
  var opt: [String] = []
  @Argument(help: .init(valueName: "volume")) var name: String?

  func execute(_ engine: EngineClient) async throws {
    var request = VolumeCreateRequest()
    request.name = name ?? ""
    request.driver = driver
    request.labels = KeyValueArguments.pairs(label)
    request.driverOptions = KeyValueArguments.pairs(opt)
    let volume = try await engine.decode(Volume.self, .POST, "/volumes/create", body: .json(request))
    try await StandardOutput.output.writeLine(volume.name)
  }
}

struct VolumeRemoveCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "volume rm", abstract: "Remove one or more volumes", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Force the removal of one or more volumes")
  var force = false
  @Argument(help: .init(valueName: "volume")) var volumes: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(volumes) { name in
      let target: RequestTarget = "/volumes/\(name)"
      try await engine.perform(.DELETE, target.with("force", force))
      try await StandardOutput.output.writeLine(name)
    }
  }
}
