public import JSON

/// A port of the container that the host answers for.
public struct PortBinding: Equatable, Sendable, JSONMappable {
  public enum TransportProtocol: String, Sendable, JSONConvertible { case tcp, udp, sctp }

  public var containerPort: UInt16 = 0
  public var transport = TransportProtocol.tcp
  /// Empty: every address of the host.
  public var hostAddress = ""
  /// 0: one of the kernel's choice.
  public var hostPort: UInt16 = 0
  /// Of a range whose first free port is taken, the last; `nil`: ``hostPort`` and no other.
  public var lastHostPort: UInt16?

  public init() {}

  public init(
    containerPort: UInt16, transport: TransportProtocol = .tcp, hostAddress: String = "", hostPort: UInt16 = 0,
    lastHostPort: UInt16? = nil
  ) {
    self.containerPort = containerPort
    self.transport = transport
    self.hostAddress = hostAddress
    self.hostPort = hostPort
    self.lastHostPort = lastHostPort
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("containerPort", &containerPort)
    try json.field("transport", &transport)
    try json.nonEmpty("hostAddress", &hostAddress)
    try json.field("hostPort", &hostPort)
    try json.optional("lastHostPort", &lastHostPort)
  }
}

/// `--device`: a device node of the host, given to the container.
public struct DeviceRequest: Equatable, Sendable, JSONMappable {
  public var hostPath = ""
  public var containerPath = ""
  /// Of `r`, `w` and `m`.
  public var permissions = "rwm"

  public init() {}

  public init(hostPath: String, containerPath: String, permissions: String = "rwm") {
    self.hostPath = hostPath
    self.containerPath = containerPath
    self.permissions = permissions
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("hostPath", &hostPath)
    try json.required("containerPath", &containerPath)
    try json.field("permissions", &permissions)
  }
}
