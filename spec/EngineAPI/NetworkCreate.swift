public import JSON

/// The body of `POST /networks/create` (Engine API `NetworkCreateRequest`).
public struct NetworkCreateRequest: JSONMappable, Equatable, Sendable {
  public var name = ""
  /// Means nothing since no two networks can have one name.
  public var checkDuplicate = false
  public var driver = ""
  public var scope = ""
  public var enablesIPv4: Bool?
  public var enablesIPv6: Bool?
  public var ipam: IPAM?
  public var isInternal = false
  public var isAttachable = false
  public var isIngress = false
  public var isConfigurationOnly = false
  public var configurationFrom: NetworkInspect.ConfigReference?
  public var options: [String: String]?
  public var labels: [String: String]?
  /// Members that are not named above, kept as they came.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Name", &name)
    try json.flag("CheckDuplicate", &checkDuplicate)
    try json.nonEmpty("Driver", &driver)
    try json.nonEmpty("Scope", &scope)
    try json.optional("EnableIPv4", &enablesIPv4)
    try json.optional("EnableIPv6", &enablesIPv6)
    try json.optional("IPAM", &ipam)
    try json.flag("Internal", &isInternal)
    try json.flag("Attachable", &isAttachable)
    try json.flag("Ingress", &isIngress)
    try json.flag("ConfigOnly", &isConfigurationOnly)
    try json.optional("ConfigFrom", &configurationFrom)
    try json.nullable("Options", &options)
    try json.nullable("Labels", &labels)
    json.unknown(&unknown)
  }
}

/// The answer to `POST /networks/create`.
public struct NetworkCreateResponse: JSONMappable, Equatable, Sendable {
  public var id = ""
  public var warning = ""

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Id", &id)
    try json.field("Warning", &warning)
  }
}

/// The body of `POST /networks/{id}/connect`.
public struct NetworkConnectRequest: JSONMappable, Equatable, Sendable {
  /// A name or an identifier.
  public var container = ""
  public var endpoint: EndpointSettings?

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Container", &container)
    try json.optional("EndpointConfig", &endpoint)
  }
}

/// The body of `POST /networks/{id}/disconnect`.
public struct NetworkDisconnectRequest: JSONMappable, Equatable, Sendable {
  /// A name or an identifier.
  public var container = ""
  /// Whether it does not matter that there is no such container.
  public var force = false

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.field("Container", &container)
    try json.flag("Force", &force)
  }
}
