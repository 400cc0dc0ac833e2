public import JSON

/// Published ports: for each `80/tcp` of the container the places on the host (Engine API `PortMap`). `nil` is Docker's
/// `null`: exposed, but not published.
public typealias PortMap = [String: PortBindings]

/// Exposed ports, `80/tcp` (Engine API `ContainerConfig.ExposedPorts`).
public typealias PortSet = [String: EmptyObject]

/// The places on the host where one port is published.
public struct PortBindings: JSONConvertible, Equatable, Sendable {
  /// `nil`: not published, which Docker writes as `null`.
  public var bindings: [PortBinding]?

  public init(_ bindings: [PortBinding]?) { self.bindings = bindings }

  public init(json: JSONValue) throws(JSONError) {
    bindings = json == .null ? nil : try [PortBinding](json: json)
  }

  public func write(to writer: inout JSONWriter) {
    if let bindings { bindings.write(to: &writer) } else { JSONValue.null.write(to: &writer) }
  }
}

extension PortBindings: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: PortBinding...) { bindings = elements }
}

/// An address and a port of the host (Engine API `PortBinding`).
public struct PortBinding: JSONMappable, Equatable, Sendable {
  /// Empty: all addresses.
  public var hostIP = ""
  /// A number; empty: the daemon's choice.
  public var hostPort = ""
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public init(hostIP: String = "", hostPort: String) {
    self.hostIP = hostIP
    self.hostPort = hostPort
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("HostIp", &hostIP)
    try json.field("HostPort", &hostPort)
    json.unknown(&unknown)
  }
}
