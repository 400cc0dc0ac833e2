public import JSON
public import LinuxKernel

extension IPv4Address: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let address = IPv4Address(try String(json: json)) else { throw .expected("an IPv4 address", found: json) }
    self = address
  }

  public func write(to writer: inout JSONWriter) { writer.text(description) }
}

extension IPv4Prefix: JSONConvertible {
  public init(json: JSONValue) throws(JSONError) {
    guard let prefix = IPv4Prefix(try String(json: json)) else { throw .expected("an IPv4 subnet", found: json) }
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
