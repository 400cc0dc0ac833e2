internal import ArgumentParser
internal import EngineAPI
internal import JSON
internal import NIOHTTP1

struct NetworksCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "network ls", abstract: "List networks", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(
    name: [.short, .long], parsing: .unconditionalSingleValue, help: "Provide filter values (e.g. \"driver=bridge\")")
  var filter: [String] = []
  @Option(name: .long, parsing: .unconditional, help: "Format output: table, json, TEMPLATE or 'table TEMPLATE'")
  var format = ""
  @Flag(name: .long, help: "Do not truncate the output")
  var noTrunc = false
  @Flag(name: [.short, .long], help: "Only display network IDs")
  var quiet = false

  func execute(_ engine: EngineClient) async throws {
    let format = try ListFormat(format, failure: "template parsing error")
    let target = ("/networks" as RequestTarget).with("filters", try FilterArgument.json(filter))
    let networks = try await engine.decode([NetworkInspect].self, .GET, target)
    try await StandardOutput.output.write(text(networks.sorted { $0.name < $1.name }, format))
  }

  private func text(_ networks: [NetworkInspect], _ format: ListFormat) throws -> String {
    let rows = networks.map { NetworkRow($0, truncates: !noTrunc) }
    if quiet { return rows.map { $0.id + "\n" }.joined() }
    do throws(TemplateError) {
      if let text = try format.print(rows.map(\.context), headings: NetworkRow.headings) { return text }
    } catch { throw ClientError.failed("template parsing error: \(error)") }
    var table = Table(["NETWORK ID", "NAME", "DRIVER", "SCOPE"])
    for (row, network) in zip(rows, networks) { table.append([row.id, network.name, network.driver, network.scope]) }
    return table.text
  }
}

struct NetworkRemoveCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "network rm", abstract: "Remove one or more networks", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Do not error if the network does not exist")
  var force = false
  @Argument(help: .init(valueName: "network")) var networks: [String] = []

  func execute(_ engine: EngineClient) async throws {
    try await each(networks) { name in
      do { try await engine.perform(.DELETE, "/networks/\(name)") } catch let error as ClientError
        where force && error.isNotFound
      { return }
      try await StandardOutput.output.writeLine(name)
    }
  }
}

struct NetworkConnectCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "network connect", abstract: "Connect a container to a network", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add network-scoped alias for the container")
  var alias: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "driver options for the network")
  var driverOpt: [String] = []
  @Option(
    name: .long, parsing: .unconditional,
    help: "Highest gw-priority provides the default gateway. Accepts positive and negative values.")
  var gwPriority = 0
  @Option(name: .long, help: "IPv4 address (e.g., \"172.30.100.104\")")
  var ip = ""
  @Option(name: .customLong("ip6"), help: "IPv6 address (e.g., \"2001:db8::33\")")
  var ip6 = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add link to another container")
  var link: [String] = []
  @Option(name: .customLong("link-local-ip"), parsing: .unconditionalSingleValue, help: "Add a link-local address")
  var linkLocal: [String] = []
  @Argument var network: String
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    var request = NetworkConnectRequest()
    request.container = container
    request.endpoint = endpoint
    try await engine.perform(.POST, "/networks/\(network)/connect", body: .json(request))
  }

  private var endpoint: EndpointSettings {
    var ipam = EndpointIPAMConfig()
    (ipam.ipv4Address, ipam.ipv6Address, ipam.linkLocalIPs) = (ip, ip6, linkLocal)
    var endpoint = EndpointSettings()
    endpoint.ipam = ipam
    endpoint.aliases = alias
    endpoint.links = link
    endpoint.gatewayPriority = gwPriority
    endpoint.driverOptions = KeyValueArguments.pairs(driverOpt)
    return endpoint
  }
}

struct NetworkDisconnectCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "network disconnect", abstract: "Disconnect a container from a network", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: [.short, .long], help: "Force the container to disconnect from a network")
  var force = false
  @Argument var network: String
  @Argument var container: String

  func execute(_ engine: EngineClient) async throws {
    var request = NetworkDisconnectRequest()
    (request.container, request.force) = (container, force)
    try await engine.perform(.POST, "/networks/\(network)/disconnect", body: .json(request))
  }
}

struct NetworkPruneCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "network prune", abstract: "Remove all unused networks", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @OptionGroup var options: PruneOptions

  func execute(_ engine: EngineClient) async throws {
    let warning = "This will remove all custom networks not used by at least one container."
    guard try await options.isConfirmed(warning) else { return }
    let target = ("/networks/prune" as RequestTarget).with("filters", try FilterArgument.json(options.filter))
    let names = try await engine.decode(NetworksPruneResponse.self, .POST, target).networksDeleted ?? []
    guard !names.isEmpty else { return }
    try await StandardOutput.output.write("Deleted Networks:\n" + names.map { $0 + "\n" }.joined() + "\n")
  }
}
