public import JSON

/// What a network is to be. Addresses are text, as they came. Its JSON form is what is kept of one that only describes others.
public struct NetworkRequest: JSONMappable, Equatable, Sendable {
  public var name = ""
  /// Empty: `bridge`.
  public var driver = ""
  /// None: one of the default pools' pieces.
  public var subnets: [SubnetRequest] = []
  public var enablesIPv4 = true
  public var enablesIPv6 = false
  public var isInternal = false
  public var isAttachable = false
  public var labels: [String: String] = [:]
  public var options: [String: String] = [:]
  public var addressOptions: [String: String]?
  /// Whether it is no network, but a description that others are made by.
  public var isConfigurationOnly = false
  /// The network that describes this one, by its name or its identifier; empty: none.
  public var configurationFrom = ""

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("name", &name)
    try json.nonEmpty("driver", &driver)
    try json.nonEmpty("subnets", &subnets)
    try json.field("enablesIPv4", &enablesIPv4)
    try json.flag("enablesIPv6", &enablesIPv6)
    try json.flag("isInternal", &isInternal)
    try json.flag("isAttachable", &isAttachable)
    try json.nonEmpty("labels", &labels)
    try json.nonEmpty("options", &options)
    try json.optional("addressOptions", &addressOptions)
    try json.flag("isConfigurationOnly", &isConfigurationOnly)
    try json.nonEmpty("configurationFrom", &configurationFrom)
  }

  /// Whether it says anything that a description says.
  var hasConfiguration: Bool {
    subnets.contains { $0 != SubnetRequest() } || !options.isEmpty || !labels.isEmpty || enablesIPv6 || !enablesIPv4
      || addressOptions?.isEmpty == false
  }
}

/// What a network's addresses are to be. What is empty is the network's to choose.
public struct SubnetRequest: JSONMappable, Equatable, Sendable {
  /// `10.9.0.0/24`
  public var subnet = ""
  public var gateway = ""
  /// `10.9.0.128/25`
  public var range = ""
  /// Addresses by names.
  public var auxiliary: [String: String] = [:]

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("subnet", &subnet)
    try json.nonEmpty("gateway", &gateway)
    try json.nonEmpty("range", &range)
    try json.nonEmpty("auxiliary", &auxiliary)
  }
}

/// A driver with what was asked of it.
enum DriverOptions: Equatable, Sendable {
  case bridge(BridgeOptions)
  case parent(Network.Driver, ParentOptions)

  var driver: Network.Driver {
    switch self {
    case .bridge: .bridge
    case .parent(let driver, _): driver
    }
  }
}

extension NetworkRequest {
  /// Everything that can be judged without knowing what else there is.
  /// - Throws: ``NetworkError`` in Docker's words.
  func checked() throws(NetworkError) -> (driver: DriverOptions, subnets: ChosenSubnets) {
    guard !name.allSatisfy(\.isWhitespace) else { throw .invalid("invalid name: name is empty") }
    if Self.predefined.contains(name) {
      throw .forbidden("operation is not permitted on predefined \(name) network ")
    }
    let checked: DriverOptions
    switch driver {
    case "", "bridge":
      let bridge = try BridgeOptions(options)
      try bridge.check(isInternal: isInternal)
      checked = .bridge(bridge)
    case "macvlan": checked = .parent(.macvlan, try ParentOptions(.macvlan, options))
    case "ipvlan": checked = .parent(.ipvlan, try ParentOptions(.ipvlan, options))
    case "host", "null": throw .forbidden("only one instance of \"\(driver)\" network is allowed")
    case "overlay": throw .unsupported("the network driver \"\(driver)\"")
    default: throw .pluginNotFound(driver)
    }
    guard enablesIPv4 || enablesIPv6 else { throw .invalid("IPv4 or IPv6 must be enabled") }
    return (
      checked,
      try ChosenSubnets(subnets, of: checked.driver, enablesIPv4: enablesIPv4, enablesIPv6: enablesIPv6)
    )
  }

  private static let predefined: Set<String> = ["bridge", "host", "none", "default"]
}
