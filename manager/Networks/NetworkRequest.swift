/// What a network is to be. Addresses are text, as they came.
public struct NetworkRequest: Equatable, Sendable {
  public var name = ""
  /// Empty: `bridge`.
  public var driver = ""
  /// None: one of the default pools' pieces.
  public var subnets: [SubnetRequest] = []
  public var isInternal = false
  public var isAttachable = false
  public var labels: [String: String] = [:]
  public var options: [String: String] = [:]
  public var addressOptions: [String: String]?

  public init() {}
}

/// What a network's addresses are to be. What is empty is the network's to choose.
public struct SubnetRequest: Equatable, Sendable {
  /// `10.9.0.0/24`
  public var subnet = ""
  public var gateway = ""
  /// `10.9.0.128/25`
  public var range = ""
  /// Addresses by names.
  public var auxiliary: [String: String] = [:]

  public init() {}
}

extension NetworkRequest {
  /// Everything that can be judged without knowing what else there is.
  /// - Throws: ``NetworkError`` in Docker's words.
  func checked() throws(NetworkError) -> (options: BridgeOptions, subnet: Network.Subnet?) {
    guard !name.allSatisfy(\.isWhitespace) else { throw .invalid("invalid name: name is empty") }
    if Self.predefined.contains(name) {
      throw .forbidden("operation is not permitted on predefined \(name) network ")
    }
    switch driver {
    case "", "bridge": break
    case "host", "null": throw .forbidden("only one instance of \"\(driver)\" network is allowed")
    case "macvlan", "ipvlan", "overlay": throw .unsupported("the network driver \"\(driver)\"")
    default: throw .pluginNotFound(driver)
    }
    let checked = try BridgeOptions(options)
    let subnet = try SubnetRequest.checked(subnets)
    return (checked, subnet)
  }

  private static let predefined: Set<String> = ["bridge", "host", "none", "default"]
}
