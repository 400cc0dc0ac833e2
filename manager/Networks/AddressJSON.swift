public import JSON
public import LinuxKernel

extension IPv4Address: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let address = IPv4Address(try String(json: json)) else { throw .expected("an IPv4 address", found: json) }
    self = address
  }

  public func write(to writer: inout JSONWriter) { writer.text(description) }
}

extension IPv6Address: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let address = IPv6Address(try String(json: json)) else { throw .expected("an IPv6 address", found: json) }
    self = address
  }

  public func write(to writer: inout JSONWriter) { writer.text(description) }
}

extension IPAddress: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let address = IPAddress(try String(json: json)) else { throw .expected("an IP address", found: json) }
    self = address
  }

  public func write(to writer: inout JSONWriter) { writer.text(description) }
}

extension InternetPrefix: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let prefix = InternetPrefix(try String(json: json)) else { throw .expected("a subnet", found: json) }
    self = prefix
  }

  public func write(to writer: inout JSONWriter) { writer.text(description) }
}

extension MACAddress: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let address = MACAddress(try String(json: json)) else { throw .expected("a MAC address", found: json) }
    self = address
  }

  public func write(to writer: inout JSONWriter) { writer.text(description) }
}
