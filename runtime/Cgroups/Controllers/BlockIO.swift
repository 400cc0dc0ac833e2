internal import OCIRuntimeSpec

/// The weights that both versions' files accept.
enum BlockIOWeight {
  /// `nil` for none.
  static func checked(_ weight: UInt16?, _ path: String) throws(CgroupError) -> UInt16? {
    guard let weight, weight != 0 else { return nil }
    guard (10...1000).contains(weight) else {
      throw BlkioController.invalid("\(weight) is not between 10 and 1000", path)
    }
    return weight
  }
}

extension LinuxWeightDevice {
  /// One of both weights must be given (config-linux.md §Block IO).
  func check(_ path: String) throws(CgroupError) {
    guard weight != nil || leafWeight != nil else {
      throw BlkioController.invalid("needs a weight or a leafWeight", path)
    }
  }
}

/// A limit of the rate of one device.
struct BlockIOThrottle {
  /// `8:0`
  let device: String
  let rate: UInt64
  let fileV1: String
  /// In v2's `io.max`.
  let keyV2: String
  /// In the configuration, from `resources`.
  let path: String

  static func all(in io: LinuxBlockIO) -> [BlockIOThrottle] {
    all(io.throttleReadBpsDevice, "throttleReadBpsDevice", "read_bps", "rbps")
      + all(io.throttleWriteBpsDevice, "throttleWriteBpsDevice", "write_bps", "wbps")
      + all(io.throttleReadIOPSDevice, "throttleReadIOPSDevice", "read_iops", "riops")
      + all(io.throttleWriteIOPSDevice, "throttleWriteIOPSDevice", "write_iops", "wiops")
  }

  private static func all(
    _ devices: [LinuxThrottleDevice], _ member: String, _ fileV1: String, _ keyV2: String
  ) -> [BlockIOThrottle] {
    devices.enumerated().map { index, device in
      BlockIOThrottle(
        device: "\(device.major):\(device.minor)", rate: device.rate, fileV1: "blkio.throttle.\(fileV1)_device",
        keyV2: keyV2, path: "blockIO.\(member)[\(index)]")
    }
  }
}
