public import JSON
internal import LinuxKernel
internal import OCIRuntimeSpec

/// What a container may do to block devices.
public struct BlockIO: Equatable, Sendable, JSONMappable {
  /// A device of the host and a number: a weight, or bytes or operations per second.
  public struct Device: Equatable, Sendable, JSONMappable {
    public var path = ""
    public var value: UInt64 = 0

    public init() {}

    public init(path: String, value: UInt64) {
      self.path = path
      self.value = value
    }

    public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
      try json.required("path", &path)
      try json.required("value", &value)
    }
  }

  /// 10 to 1000 of what everybody else has together.
  public var weight: UInt16?
  public var weights: [Device] = []
  public var readBytes: [Device] = []
  public var writeBytes: [Device] = []
  public var readOperations: [Device] = []
  public var writeOperations: [Device] = []

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.optional("weight", &weight)
    try json.nonEmpty("weights", &weights)
    try json.nonEmpty("readBytes", &readBytes)
    try json.nonEmpty("writeBytes", &writeBytes)
    try json.nonEmpty("readOperations", &readOperations)
    try json.nonEmpty("writeOperations", &writeOperations)
  }

  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  func validate() throws(ContainerError) {
    for weight in [weight.map(UInt64.init)].compactMap(\.self) + weights.map(\.value)
    where !(10...1000).contains(weight) {
      throw .invalid("range of blkio weight is from 10 to 1000")
    }
  }

  /// What a kernel without weights cannot do is left out, as in Docker.
  /// - Returns: for the person who asked, what that is.
  mutating func dropWeights() -> [String] {
    let reason = "or the cgroup is not mounted."
    var warnings: [String] = []
    if weight != nil { warnings.append("Your kernel does not support Block I/O weight \(reason) Weight discarded.") }
    if !weights.isEmpty {
      warnings.append("Your kernel does not support Block I/O weight_device \(reason) Weight-device discarded.")
    }
    (weight, weights) = (nil, [])
    return warnings
  }
}

extension BlockIO {
  /// In the runtime specification's words. Blocks: asks for the devices' numbers.
  /// - Throws: ``ContainerError/failed(_:)`` in Docker's words for a device that is not there.
  func spec() throws(ContainerError) -> LinuxBlockIO? {
    guard self != BlockIO() else { return nil }
    var spec = LinuxBlockIO()
    spec.weight = weight
    for device in weights {
      var weight = LinuxWeightDevice()
      (weight.major, weight.minor) = try Self.numbers(of: device.path)
      weight.weight = UInt16(clamping: device.value)
      spec.weightDevice.append(weight)
    }
    spec.throttleReadBpsDevice = try Self.throttles(readBytes)
    spec.throttleWriteBpsDevice = try Self.throttles(writeBytes)
    spec.throttleReadIOPSDevice = try Self.throttles(readOperations)
    spec.throttleWriteIOPSDevice = try Self.throttles(writeOperations)
    return spec
  }

  private static func throttles(_ devices: [Device]) throws(ContainerError) -> [LinuxThrottleDevice] {
    var throttles: [LinuxThrottleDevice] = []
    for device in devices {
      var throttle = LinuxThrottleDevice()
      (throttle.major, throttle.minor) = try numbers(of: device.path)
      throttle.rate = device.value
      throttles.append(throttle)
    }
    return throttles
  }

  private static func numbers(of path: String) throws(ContainerError) -> (Int64, Int64) {
    let status: FileStatus
    do throws(SyscallError) { status = try FileDescriptor.open(path, [.pathOnly]).status() } catch {
      throw .failed("stat \(path): \(error.errno)")
    }
    guard status.kind == .blockDevice else { throw .failed("\(path) is no block device") }
    return DeviceRules.numbers(of: status)
  }
}
