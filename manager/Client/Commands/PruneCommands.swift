internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

/// What the commands have in common that remove what is not in use.
struct PruneOptions: ParsableArguments {
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Provide filter values (e.g. \"until=<timestamp>\")")
  var filter: [String] = []
  @Flag(name: [.short, .long], help: "Do not prompt for confirmation")
  var force = false

  /// Whether the user wants it.
  func isConfirmed(_ warning: String) async throws -> Bool {
    if force { return true }
    return try await Confirmation.ask("WARNING! \(warning)\nAre you sure you want to continue?")
  }
}

struct ContainerPruneCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "container prune", abstract: "Remove all stopped containers", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: PruneOptions

  func execute(_ engine: EngineClient) async throws {
    guard try await options.isConfirmed("This will remove all stopped containers.") else { return }
    var report = PruneReport()
    try await report.containers(engine, options.filter)
    try await report.print()
  }
}

struct ImagePruneCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "image prune", abstract: "Remove unused images", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: PruneOptions
  @Flag(name: [.short, .long], help: "Remove all unused images, not just dangling ones")
  var all = false

  func execute(_ engine: EngineClient) async throws {
    let what = all ? "images without at least one container associated to them" : "dangling images"
    guard try await options.isConfirmed("This will remove all \(what).") else { return }
    var report = PruneReport()
    try await report.images(engine, options.filter, all: all)
    try await report.print()
  }
}

struct VolumePruneCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "volume prune", abstract: "Remove unused local volumes", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: PruneOptions
  @Flag(name: [.short, .long], help: "Remove all unused volumes, not just anonymous ones")
  var all = false

  func execute(_ engine: EngineClient) async throws {
    let what = all ? "all local volumes" : "anonymous local volumes"
    guard try await options.isConfirmed("This will remove \(what) not used by at least one container.") else { return }
    var report = PruneReport()
    try await report.volumes(engine, options.filter + (all ? ["all=1"] : []))
    try await report.print()
  }
}

struct SystemPruneCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "system prune", abstract: "Remove unused data", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: PruneOptions
  @Flag(name: [.short, .long], help: "Remove all unused images not just dangling ones")
  var all = false
  @Flag(name: .long, help: "Prune anonymous volumes")
  var volumes = false

  func execute(_ engine: EngineClient) async throws {
    if volumes, options.filter.contains(where: { $0.hasPrefix("until=") }) {
      throw ClientError.failed("ERROR: The \"until\" filter is not supported with \"--volumes\"")
    }
    guard try await options.isConfirmed(warning) else { return }
    var report = PruneReport()
    try await report.containers(engine, options.filter)
    try await report.networks(engine, options.filter)
    if volumes { try await report.volumes(engine, options.filter) }
    try await report.images(engine, options.filter, all: all)
    try await report.print()
  }

  private var warning: String {
    var kinds = ["all stopped containers", "all networks not used by at least one container"]
    if volumes { kinds.append("all anonymous volumes not used by at least one container") }
    kinds.append(all ? "all images without at least one container associated to them" : "all dangling images")
    var text = "This will remove:\n" + kinds.map { "  - \($0)\n" }.joined()
    if !options.filter.isEmpty {
      text += "\n  Items to be pruned will be filtered with:\n" + options.filter.map { "  - \($0)\n" }.joined()
    }
    return text
  }
}

/// What was removed, as it is told.
private struct PruneReport {
  private var reclaimed: UInt64 = 0

  mutating func containers(_ engine: EngineClient, _ filters: [String]) async throws {
    let answer = try await engine.decode(
      ContainersPruneResponse.self, .POST, try Self.target("/containers/prune", filters))
    try await add("Deleted Containers", answer.containersDeleted ?? [], answer.spaceReclaimed)
  }

  mutating func images(_ engine: EngineClient, _ filters: [String], all: Bool) async throws {
    let filters = filters + ["dangling=\(!all)"]
    let answer = try await engine.decode(ImagesPruneResponse.self, .POST, try Self.target("/images/prune", filters))
    let lines = (answer.imagesDeleted ?? []).map { item in
      item.untagged.isEmpty ? "deleted: \(item.deleted)" : "untagged: \(item.untagged)"
    }
    try await add("Deleted Images", lines, answer.spaceReclaimed)
  }

  mutating func networks(_ engine: EngineClient, _ filters: [String]) async throws {
    let answer = try await engine.decode(
      NetworksPruneResponse.self, .POST, try Self.target("/networks/prune", filters))
    try await add("Deleted Networks", answer.networksDeleted ?? [], 0)
  }

  mutating func volumes(_ engine: EngineClient, _ filters: [String]) async throws {
    let answer = try await engine.decode(VolumesPruneResponse.self, .POST, try Self.target("/volumes/prune", filters))
    try await add("Deleted Volumes", answer.volumesDeleted ?? [], answer.spaceReclaimed)
  }

  private mutating func add(_ heading: String, _ lines: [String], _ bytes: UInt64) async throws {
    reclaimed += bytes
    guard !lines.isEmpty else { return }
    try await StandardOutput.output.write("\(heading):\n" + lines.map { $0 + "\n" }.joined() + "\n")
  }

  func print() async throws {
    let size = HumanSize.decimal(Int64(clamping: reclaimed), digits: 4)
    try await StandardOutput.output.writeLine("Total reclaimed space: \(size)")
  }

  private static func target(_ path: RequestTarget, _ filters: [String]) throws -> RequestTarget {
    path.with("filters", try FilterArgument.json(filters))
  }
}
