internal import Containers
internal import EngineAPI

/// Where a container is on the network.
enum NetworkTranslation {
  static func settings(_ record: ContainerRecord) -> NetworkSettings {
    var settings = NetworkSettings()
    settings.ports = PortTranslation.published(record)
    settings.networks = networks(record)
    // What is another container's, that one tells.
    if case .container = record.host.networkMode { return settings }
    if let running = record.state.running {
      settings.sandboxID = running.sandboxID
      settings.sandboxKey = record.host.networkMode == .host ? "/proc/1/ns/net" : "/proc/\(running.pid)/ns/net"
    }
    // These repeat what there is of the bridge.
    guard record.host.networkMode == .bridge, let endpoint = record.endpoint else { return settings }
    settings.endpointID = endpoint.endpointID
    settings.gateway = endpoint.gateway
    settings.ipAddress = endpoint.address
    settings.ipPrefixLength = endpoint.prefixLength
    settings.macAddress = endpoint.macAddress
    return settings
  }

  static func networks(_ record: ContainerRecord) -> [String: EndpointSettings] {
    if case .container = record.host.networkMode { return [:] }
    var settings = EndpointSettings()
    settings.networkID = record.networkID
    if let endpoint = record.endpoint {
      settings.networkID = endpoint.networkID
      settings.endpointID = endpoint.endpointID
      settings.gateway = endpoint.gateway
      settings.ipAddress = endpoint.address
      settings.ipPrefixLength = endpoint.prefixLength
      settings.macAddress = endpoint.macAddress
    }
    return [record.host.networkMode.text: settings]
  }
}

/// What of the host a container sees.
enum MountTranslation {
  private static func point(_ volume: ContainerVolume) -> MountPoint {
    var point = MountPoint()
    point.type = .volume
    point.name = volume.name
    point.source = volume.source
    point.destination = volume.target
    point.driver = "local"
    point.mode = volume.isAnonymous ? "" : volume.readOnly ? "ro" : "z"
    point.isWritable = !volume.readOnly
    return point
  }

  static func points(_ record: ContainerRecord) -> [MountPoint] {
    record.volumes.map(point)
      + record.host.requestedMounts.filter { $0.kind != .volume }.map { mount in
        var point = MountPoint()
        point.type = mount.kind == .bind ? .bind : .tmpfs
        point.source = mount.source
        point.destination = mount.target
        point.isWritable = !mount.readOnly
        point.mode = mount.kind == .bind && mount.readOnly ? "ro" : ""
        point.propagation = mount.kind == .bind ? mount.propagation ?? "rprivate" : ""
        return point
      }
  }
}
