internal import ArgumentParser
internal import EngineAPI
internal import NIOHTTP1

struct NetworkCreateCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "network create", abstract: "Create a network", helpNames: .long)

  @OptionGroup var global: GlobalOptions
  @Flag(name: .long, help: "Enable manual container attachment")
  var attachable = false
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Addresses that are not to be given out, NAME=ADDRESS")
  var auxAddress: [String] = []
  @Option(name: .long, help: "The network from which to copy the configuration")
  var configFrom = ""
  @Flag(name: .long, help: "Create a configuration only network")
  var configOnly = false
  @Option(name: [.short, .long], help: "Driver to manage the Network")
  var driver = "bridge"
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Gateway for the master subnet")
  var gateway: [String] = []
  @Flag(name: .long, help: "Create swarm routing-mesh network")
  var ingress = false
  @Flag(name: .long, help: "Restrict external access to the network")
  var `internal` = false
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Allocate container ip from a sub-range")
  var ipRange: [String] = []
  @Option(name: .long, help: "IP Address Management Driver")
  var ipamDriver = "default"
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Set IPAM driver specific options")
  var ipamOpt: [String] = []
  @Option(
    name: .customLong("ipv4"), parsing: .unconditional,
    help: .init("Enable or disable IPv4 address assignment", valueName: "bool"))
  var ipv4: Bool?
  @Flag(name: .customLong("ipv6"), help: "Enable IPv6 address assignment")
  var ipv6 = false
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Set metadata on a network")
  var label: [String] = []
  @Option(name: [.short, .long], parsing: .unconditionalSingleValue, help: "Set driver specific options")
  var opt: [String] = []
  @Option(name: .long, help: "Control the network's scope")
  var scope = ""
  @Option(
    name: .long, parsing: .unconditionalSingleValue, help: "Subnet in CIDR format that represents a network segment")
  var subnet: [String] = []
  @Argument(help: .init(valueName: "network")) var name: String

  func execute(_ engine: EngineClient) async throws {
    var request = NetworkCreateRequest()
    (request.name, request.driver, request.scope) = (name, driver, scope)
    (request.isInternal, request.isAttachable, request.isIngress) = (`internal`, attachable, ingress)
    request.isConfigurationOnly = configOnly
    if !configFrom.isEmpty {
      request.configurationFrom = .init()
      request.configurationFrom?.network = configFrom
    }
    if ipv6 { request.enablesIPv6 = true }
    request.enablesIPv4 = ipv4
    request.options = KeyValueArguments.pairs(opt)
    request.labels = KeyValueArguments.pairs(label)
    request.ipam = try ipam()
    let made = try await engine.decode(NetworkCreateResponse.self, .POST, "/networks/create", body: .json(request))
    try await StandardOutput.output.writeLine(made.id)
  }

  private func ipam() throws(ClientError) -> IPAM {
    var ipam = IPAM()
    ipam.driver = ipamDriver
    ipam.options = KeyValueArguments.pairs(ipamOpt)
    ipam.configurations = try SubnetArguments(
      subnets: subnet, ranges: ipRange, gateways: gateway, auxiliary: KeyValueArguments.pairs(auxAddress)
    ).pools()
    return ipam
  }
}
