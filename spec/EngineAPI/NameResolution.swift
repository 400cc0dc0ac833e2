internal import JSON

/// How a container finds names. They are members of `HostConfig`.
public struct NameResolution: Equatable, Sendable {
  public var dns: [String]?
  public var dnsOptions: [String]?
  public var dnsSearch: [String]?
  /// `name:address`.
  public var extraHosts: [String]?
  /// `container:alias`.
  public var links: [String]?

  public init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nullable("Dns", &dns)
    try json.nullable("DnsOptions", &dnsOptions)
    try json.nullable("DnsSearch", &dnsSearch)
    try json.nullable("ExtraHosts", &extraHosts)
    try json.nullable("Links", &links)
  }
}
