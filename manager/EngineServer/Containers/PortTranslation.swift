internal import Containers
internal import EngineAPI

/// `{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}`
enum PortTranslation {
  static func bindings(_ map: PortMap) throws(ContainerError) -> [Containers.PortBinding] {
    var bindings: [Containers.PortBinding] = []
    for (port, hosts) in map.sorted(by: { $0.key < $1.key }) {
      guard let base = Containers.PortBinding(exposed: port) else {
        throw .invalid("invalid port specification: \(port.debugDescription)")
      }
      for host in hosts.bindings ?? [] { bindings.append(try binding(base, host)) }
    }
    return bindings
  }

  private static func binding(
    _ base: Containers.PortBinding, _ host: EngineAPI.PortBinding
  ) throws(ContainerError) -> Containers.PortBinding {
    var binding = base
    binding.hostAddress = host.hostIP
    guard !host.hostPort.isEmpty else { return binding }
    let ends = host.hostPort.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
      throw .invalid("invalid port specification: \(host.hostPort.debugDescription)")
    }
    binding.hostPort = first
    binding.lastHostPort = last == first ? nil : last
    return binding
  }

  /// The way back: what was asked for.
  static func map(_ bindings: [Containers.PortBinding]) -> PortMap {
    bindings.reduce(into: [:]) { map, binding in
      let port = binding.hostPort == 0 ? "" : "\(binding.hostPort)"
      let range = binding.lastHostPort.map { "\(port)-\($0)" } ?? port
      map[binding.key, default: []].bindings?.append(
        EngineAPI.PortBinding(hostIP: binding.hostAddress, hostPort: range))
    }
  }

  /// What there is: exposed ports without a place on the host are there with `null`.
  static func published(_ record: ContainerRecord) -> PortMap {
    let isReached = record.places.contains { !["host", "none"].contains($0.network) }
    guard record.state.running != nil, isReached else { return [:] }
    var map = PortMap()
    for port in record.configuration.exposedPorts { map[port] = PortBindings(nil) }
    for port in record.publishedPorts {
      var bindings = map[port.key]?.bindings ?? []
      bindings.append(
        EngineAPI.PortBinding(
          hostIP: hostAddress(port.hostAddress), hostPort: port.hostPort == 0 ? "" : "\(port.hostPort)"))
      map[port.key] = PortBindings(bindings)
    }
    return map
  }

  static func summary(_ record: ContainerRecord) -> [Port] {
    guard record.state.running != nil else { return [] }
    return published(record).sorted { $0.key < $1.key }.flatMap { key, bindings -> [Port] in
      guard let exposed = Containers.PortBinding(exposed: key) else { return [] }
      var port = Port()
      port.privatePort = exposed.containerPort
      port.type = exposed.transport.rawValue
      guard let places = bindings.bindings else { return [port] }
      return places.map { place in
        var port = port
        // What is open at the container's own address is at none of the host's.
        if place.hostPort.isEmpty { return port }
        port.ip = place.hostIP
        port.publicPort = UInt16(place.hostPort)
        return port
      }
    }
  }

  private static func hostAddress(_ address: String) -> String { address.isEmpty ? "0.0.0.0" : address }
}

extension Containers.PortBinding {
  /// `80/tcp`
  var key: String { "\(containerPort)/\(transport.rawValue)" }
}
