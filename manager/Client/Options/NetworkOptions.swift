internal import ArgumentParser
internal import EngineAPI

/// Options about a new container's network.
struct NetworkOptions: ParsableArguments {
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add a custom host-to-IP mapping (host:ip)")
  var addHost: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Set custom DNS servers")
  var dns: [String] = []
  @Option(
    name: [.customLong("dns-option"), .customLong("dns-opt")], parsing: .unconditionalSingleValue,
    help: "Set DNS options")
  var dnsOption: [String] = []
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Set custom DNS search domains")
  var dnsSearch: [String] = []
  @Option(name: .long, help: "Container NIS domain name")
  var domainname = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Expose a port or a range of ports")
  var expose: [String] = []
  @Option(name: [.customShort("h"), .long], help: "Container host name")
  var hostname = ""
  @Option(name: .long, help: "IPv4 address (e.g., 172.30.100.104)")
  var ip = ""
  @Option(name: .customLong("ip6"), help: "IPv6 address (e.g., 2001:db8::33)")
  var ip6 = ""
  @Option(name: .long, parsing: .unconditionalSingleValue, help: "Add link to another container")
  var link: [String] = []
  @Option(name: .long, help: "Container MAC address (e.g., 92:d0:c6:0a:29:33)")
  var macAddress = ""
  @Option(name: [.customLong("network"), .customLong("net")], help: "Connect a container to a network")
  var network = "default"
  @Option(
    name: [.customLong("network-alias"), .customLong("net-alias")], parsing: .unconditionalSingleValue,
    help: "Add network-scoped alias for the container")
  var networkAlias: [String] = []
  @Option(
    name: [.customShort("p", allowingJoined: true), .long], parsing: .unconditionalSingleValue,
    help: "Publish a container's port(s) to the host")
  var publish: [String] = []
  @Flag(name: [.customShort("P"), .long], help: "Publish all exposed ports to random ports")
  var publishAll = false

  /// - Throws: ``ClientError/usage(_:)`` in Docker's words.
  func ports() throws(ClientError) -> (exposed: PortSet, bindings: PortMap) {
    var (exposed, bindings): (PortSet, PortMap) = ([:], [:])
    for text in publish {
      for port in try PublishedPorts(text).ports {
        exposed[port.container] = EmptyObject()
        bindings[port.container] = PortBindings((bindings[port.container]?.bindings ?? []) + [port.binding])
      }
    }
    for text in expose {
      let parts = text.split(separator: "/", maxSplits: 1)
      guard let first = parts.first, let range = PublishedPorts.range(first) else {
        throw .usage("invalid range format for --expose: \(text)")
      }
      for number in range { exposed["\(number)/\(parts.count > 1 ? parts[1].lowercased() : "tcp")"] = EmptyObject() }
    }
    return (exposed, bindings)
  }

  /// What was asked for in the network; `nil` if nothing was.
  func networking() -> NetworkingConfig {
    var networking = NetworkingConfig()
    networking.endpoints = [:]
    guard !ip.isEmpty || !ip6.isEmpty || !networkAlias.isEmpty || !macAddress.isEmpty else { return networking }
    var endpoint = EndpointSettings()
    endpoint.aliases = networkAlias.isEmpty ? nil : networkAlias
    endpoint.macAddress = macAddress
    if !ip.isEmpty || !ip6.isEmpty {
      var ipam = EndpointIPAMConfig()
      (ipam.ipv4Address, ipam.ipv6Address) = (ip, ip6)
      endpoint.ipam = ipam
    }
    networking.endpoints = [network: endpoint]
    return networking
  }
}
