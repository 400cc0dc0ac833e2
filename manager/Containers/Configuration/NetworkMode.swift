public import JSON

/// Where a container's network interfaces come from.
public enum NetworkMode: Equatable, Sendable, JSONConvertible {
  /// The default bridge.
  case bridge
  /// A namespace of its own with nothing but the loopback interface.
  case none
  case host
  /// A network that somebody made, by its name or identifier, and perhaps others.
  case network(String)
  /// Those of another container, which runs when this one starts.
  case container(String)

  /// Reads Docker's `NetworkMode`; empty and `default` are the bridge.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  public init(docker text: String) throws(ContainerError) {
    guard !text.isEmpty, text != "default" else {
      self = .bridge
      return
    }
    if let mode = NetworkMode(text) {
      self = mode
      return
    }
    throw .invalid("invalid network mode: invalid container format container:<name|id>")
  }

  private init?(_ text: String) {
    switch text {
    case "bridge": self = .bridge
    case "none": self = .none
    case "host": self = .host
    default:
      if text.hasPrefix("container:") || text == "container" || text.isEmpty {
        guard let name = ContainerReference.name(in: text) else { return nil }
        self = .container(name)
      } else {
        self = .network(text)
      }
    }
  }

  public init(json: JSONValue) throws(JSONError) {
    let text = try String(json: json)
    guard let mode = NetworkMode(text) else { throw JSONError(.invalid("unknown network mode \"\(text)\"")) }
    self = mode
  }

  public func write(to writer: inout JSONWriter) { text.write(to: &writer) }

  /// Docker's word for it, and the network's name.
  public var text: String {
    switch self {
    case .bridge: "bridge"
    case .none: "none"
    case .host: "host"
    case .network(let name): name
    case .container(let name): ContainerReference.text(name)
    }
  }

  var isContainer: Bool { if case .container = self { true } else { false } }
}

extension CreateRequest {
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words for what goes with another's interfaces and is not this container's to say.
  func checkNetworkMode() throws(ContainerError) {
    if host.utsMode == .host, !configuration.hostname.isEmpty {
      throw .invalid("conflicting options: hostname and the UTS mode")
    }
    for endpoint in endpoints.values { _ = try endpoint.linkedNames() }
    let hasLinks = endpoints.values.contains { !$0.links.isEmpty }
    let hasOldLinks = [NetworkMode.bridge.text, "default"].contains { endpoints[$0]?.links.isEmpty == false }
    if host.networkMode == .bridge, hasOldLinks {
      throw .unsupported("links of an endpoint on the default network, where they are a container's")
    }
    if host.networkMode == .host, hasLinks { throw .invalid(Self.conflict("host type networking")) }
    guard host.networkMode.isContainer else { return }
    if hasLinks { throw .invalid(Self.conflict("container type network")) }
    let conflicts = [
      (!configuration.hostname.isEmpty, "hostname and the network mode"),
      (!host.dns.isEmpty, "dns and the network mode"),
      (!host.extraHosts.isEmpty, "custom host-to-IP mapping and the network mode"),
      (endpoints.values.contains { !$0.macAddress.isEmpty }, "mac-address and the network mode"),
      (
        !host.portBindings.isEmpty || host.publishAllPorts,
        "port publishing and the container type network mode"
      ),
      (!configuration.exposedPorts.isEmpty, "port exposing and the container type network mode"),
    ]
    for (isAsked, conflict) in conflicts where isAsked { throw .invalid("conflicting options: \(conflict)") }
  }

  static func conflict(_ mode: String) -> String {
    "conflicting options: \(mode) can't be used with links. This would result in undefined behavior"
  }
}
