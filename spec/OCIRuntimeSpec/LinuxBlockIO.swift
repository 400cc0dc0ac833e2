public import JSON

/// Block I/O weights and throttles (config-linux.md §Block IO).
public struct LinuxBlockIO: JSONMappable, Equatable {
  /// 10 to 1000.
  public var weight: UInt16?
  public var leafWeight: UInt16?
  public var weightDevice: [LinuxWeightDevice] = []
  public var throttleReadBpsDevice: [LinuxThrottleDevice] = []
  public var throttleWriteBpsDevice: [LinuxThrottleDevice] = []
  public var throttleReadIOPSDevice: [LinuxThrottleDevice] = []
  public var throttleWriteIOPSDevice: [LinuxThrottleDevice] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("weight", &weight)
    try json.optional("leafWeight", &leafWeight)
    try json.nonEmpty("weightDevice", &weightDevice)
    try json.nonEmpty("throttleReadBpsDevice", &throttleReadBpsDevice)
    try json.nonEmpty("throttleWriteBpsDevice", &throttleWriteBpsDevice)
    try json.nonEmpty("throttleReadIOPSDevice", &throttleReadIOPSDevice)
    try json.nonEmpty("throttleWriteIOPSDevice", &throttleWriteIOPSDevice)
    json.unknown(&unknown)
  }
}

/// Weight of one device.
public struct LinuxWeightDevice: JSONMappable, Equatable {
  public var major = Int64(0)
  public var minor = Int64(0)
  public var weight: UInt16?
  public var leafWeight: UInt16?
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("major", &major)
    try json.required("minor", &minor)
    try json.optional("weight", &weight)
    try json.optional("leafWeight", &leafWeight)
    json.unknown(&unknown)
  }
}

/// Rate of one device, in bytes or operations a second.
public struct LinuxThrottleDevice: JSONMappable, Equatable {
  public var major = Int64(0)
  public var minor = Int64(0)
  public var rate = UInt64(0)
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("major", &major)
    try json.required("minor", &minor)
    try json.required("rate", &rate)
    json.unknown(&unknown)
  }
}
