internal import Containers
internal import EngineAPI
internal import LinuxKernel

/// The body of a create request in the domain's words. What the domain cannot express is refused, never dropped.
enum CreateTranslation {
  static func request(_ body: ContainerCreateRequest) throws -> CreateRequest {
    var request = CreateRequest()
    request.image = body.config.image
    request.configuration = configuration(body.config)
    if let host = body.hostConfig {
      try Refusals.check(host)
      request.host = try HostTranslation.host(host)
    }
    if body.config.networkDisabled { request.host.networkMode = .none }
    request.endpoints = try endpoints(body, request.host.networkMode)
    return request
  }

  /// The address is in the container's own settings up to API 1.43, and in its network's since.
  private static func endpoints(
    _ body: ContainerCreateRequest, _ mode: NetworkMode
  ) throws -> [String: EndpointRequest] {
    let asked = body.config.networkDisabled ? [:] : body.networkingConfig?.endpoints ?? [:]
    var requests: [String: EndpointRequest] = [:]
    for (name, settings) in asked { requests[name] = try endpoint(settings) }
    let own = requests["default"] != nil && mode == .bridge ? "default" : mode.text
    if let links = body.hostConfig?.names.links, !links.isEmpty, mode != .bridge {
      // Docker's command sends them in both places.
      requests[own, default: EndpointRequest()].add(links: links)
    }
    if requests[own, default: EndpointRequest()].macAddress.isEmpty, !body.config.macAddress.isEmpty {
      requests[own, default: EndpointRequest()].macAddress = body.config.macAddress
    }
    return requests
  }

  static func endpoint(_ settings: EndpointSettings) throws -> EndpointRequest {
    try Refusals.check(settings)
    var request = EndpointRequest()
    request.macAddress = settings.macAddress
    request.aliases = settings.aliases ?? []
    request.links = settings.links ?? []
    request.gatewayPriority = settings.gatewayPriority
    request.driverOptions = settings.driverOptions ?? [:]
    request.ipv4Address = settings.ipam?.ipv4Address ?? ""
    request.ipv6Address = settings.ipam?.ipv6Address ?? ""
    guard request.ipv4Address.isEmpty || IPv4Address(request.ipv4Address) != nil else {
      throw APIError.invalidParameter("invalid IPv4 address: \(request.ipv4Address)")
    }
    guard request.ipv6Address.isEmpty || IPv6Address(request.ipv6Address) != nil else {
      throw APIError.invalidParameter("invalid IPv6 address: \(request.ipv6Address)")
    }
    return request
  }

  /// - Throws: ``APIError`` for a platform that is not this one.
  static func check(platform: String?) throws(APIError) {
    guard let platform, !platform.isEmpty else { return }
    let parts = platform.split(separator: "/").map(String.init)
    guard parts.first == "linux", parts.count == 1 || parts[1] == SystemArchitecture.name else {
      throw .notFound(
        "image with reference for platform (\(platform)) was not found: only linux/\(SystemArchitecture.name) is supported"
      )
    }
  }

  private static func configuration(_ config: ContainerConfig) -> ContainerConfiguration {
    var configuration = ContainerConfiguration()
    configuration.hostname = config.hostname
    configuration.domainname = config.domainname
    configuration.user = config.user
    configuration.workingDirectory = config.workingDirectory
    configuration.environment = config.environment ?? []
    configuration.entrypoint = config.entrypoint?.elements
    configuration.command = config.command?.elements
    configuration.labels = config.labels ?? [:]
    configuration.terminal = config.tty
    configuration.openStdin = config.openStdin
    configuration.stdinOnce = config.stdinOnce
    configuration.attachStdin = config.attachStdin
    configuration.attachStdout = config.attachStdout
    configuration.attachStderr = config.attachStderr
    configuration.stopSignal = config.stopSignal.isEmpty ? nil : config.stopSignal
    configuration.stopTimeout = config.stopTimeout
    configuration.healthCheck = config.healthcheck.map(HealthTranslation.configuration)
    configuration.shell = config.shell?.elements ?? []
    configuration.volumes = (config.volumes ?? [:]).keys.sorted()
    configuration.exposedPorts = (config.exposedPorts ?? [:]).keys.sorted()
    return configuration
  }
}

/// Go's name for this machine's processor.
package enum SystemArchitecture {
  #if arch(arm64)
    package static let name = "arm64"
  #else
    package static let name = "amd64"
  #endif
}
