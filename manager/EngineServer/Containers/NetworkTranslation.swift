internal import Containers
internal import EngineAPI

/// Where a container is on the network.
enum NetworkTranslation {
  static func settings(_ record: ContainerRecord, for version: APIVersion) -> NetworkSettings {
    var settings = NetworkSettings()
    settings.ports = PortTranslation.published(record)
    settings.networks = networks(record, for: version)
    // What is another container's, that one tells.
    if case .container = record.host.networkMode { return settings }
    if let running = record.state.running {
      settings.sandboxID = running.sandboxID
      settings.sandboxKey = record.host.networkMode == .host ? "/proc/1/ns/net" : "/proc/\(running.pid)/ns/net"
    }
    // These repeat what there is of the bridge.
    guard let endpoint = record.places.first(where: { $0.network == "bridge" })?.endpoint else { return settings }
    settings.endpointID = endpoint.endpointID
    settings.gateway = endpoint.gateway
    settings.ipAddress = endpoint.address
    settings.ipPrefixLength = endpoint.prefixLength
    settings.ipv6Gateway = endpoint.ipv6Gateway
    settings.globalIPv6Address = endpoint.ipv6Address
    settings.globalIPv6PrefixLength = endpoint.ipv6PrefixLength
    settings.macAddress = endpoint.macAddress
    return settings
  }

  static func networks(_ record: ContainerRecord, for version: APIVersion) -> [String: EndpointSettings] {
    Dictionary(record.places.map { ($0.network, place($0, of: record, for: version)) }, uniquingKeysWith: { $1 })
  }

  private static func place(
    _ place: NetworkPlace, of record: ContainerRecord, for version: APIVersion
  ) -> EndpointSettings {
    var settings = EndpointSettings()
    settings.networkID = place.networkID
    settings.ipam = ipam(place.request)
    settings.aliases = place.request.aliases.isEmpty ? nil : place.request.aliases
    settings.links = place.request.links.isEmpty ? nil : place.request.links
    settings.gatewayPriority = place.request.gatewayPriority
    settings.driverOptions = place.request.driverOptions.isEmpty ? nil : place.request.driverOptions
    if place.isUserDefined {
      if version < APIVersion(1, 45) { settings.aliases = unique(place.request.aliases + [record.id.short]) }
      settings.dnsNames = record.names(on: place)
    }
    guard let endpoint = place.endpoint else { return settings }
    settings.endpointID = endpoint.endpointID
    settings.gateway = endpoint.gateway
    settings.ipAddress = endpoint.address
    settings.ipPrefixLength = endpoint.prefixLength
    settings.ipv6Gateway = endpoint.ipv6Gateway
    settings.globalIPv6Address = endpoint.ipv6Address
    settings.globalIPv6PrefixLength = endpoint.ipv6PrefixLength
    settings.macAddress = endpoint.macAddress
    return settings
  }

  /// What was asked for, if anything was.
  private static func ipam(_ request: EndpointRequest) -> EndpointIPAMConfig? {
    guard !request.ipv4Address.isEmpty || !request.ipv6Address.isEmpty else { return nil }
    var ipam = EndpointIPAMConfig()
    (ipam.ipv4Address, ipam.ipv6Address) = (request.ipv4Address, request.ipv6Address)
    return ipam
  }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
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
    point.mode = mode(!volume.isAnonymous && volume.readOnly, volume.idMap, otherwise: volume.isAnonymous ? "" : "z")
    point.isWritable = !volume.readOnly
    return point
  }

  /// - Parameter source: where its files are on the host while the container runs.
  private static func point(_ image: MountedImage, _ source: String) -> MountPoint {
    var point = MountPoint()
    point.type = .image
    point.name = image.name
    point.source = source
    point.destination = image.target
    point.propagation = "rprivate"
    return point
  }

  static func points(_ record: ContainerRecord, _ paths: ContainerPaths) -> [MountPoint] {
    let images = zip(record.mountedImages, record.images(in: paths.bundle(record.id))).map { point($0, $1.source) }
    return record.volumes.map(point) + images
      + record.host.requestedMounts.filter { [.bind, .tmpfs].contains($0.kind) }.map { mount in
        var point = MountPoint()
        point.type = mount.kind == .bind ? .bind : .tmpfs
        point.source = mount.source
        point.destination = mount.target
        point.isWritable = !mount.readOnly
        point.mode = mount.kind == .bind ? mode(mount.readOnly, mount.idMap, otherwise: "") : ""
        point.propagation = mount.kind == .bind ? mount.propagation ?? "rprivate" : ""
        return point
      }
  }

  /// As `-v` has it.
  private static func mode(_ isReadOnly: Bool, _ idMap: String, otherwise standard: String) -> String {
    let options = (isReadOnly ? ["ro"] : []) + (idMap.isEmpty ? [] : ["idmap=\(idMap)"])
    return options.isEmpty ? standard : options.joined(separator: ",")
  }
}
