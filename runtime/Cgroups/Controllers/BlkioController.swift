internal import OCIRuntimeSpec

/// Weights and rates of block devices on cgroup v1 (config-linux.md §Block IO). A weight of 0 is the same as none.
enum BlkioController: CgroupController {
  static let name = "blkio"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    guard version == .v1, let io = resources.blockIO else { return [] }
    var settings: [CgroupSetting] = []
    if let weight = try BlockIOWeight.checked(io.weight, "blockIO.weight") {
      settings.append(either("weight", "\(weight)", for: "blockIO.weight"))
    }
    if let weight = try BlockIOWeight.checked(io.leafWeight, "blockIO.leafWeight") {
      settings.append(set("blkio.leaf_weight", weight, for: "blockIO.leafWeight"))
    }
    for (index, device) in io.weightDevice.enumerated() {
      settings += try Self.settings(for: device, "blockIO.weightDevice[\(index)]")
    }
    for throttle in BlockIOThrottle.all(in: io) {
      settings.append(set(throttle.fileV1, "\(throttle.device) \(throttle.rate)", for: throttle.path))
    }
    return settings
  }

  private static func settings(for device: LinuxWeightDevice, _ path: String) throws(CgroupError) -> [CgroupSetting] {
    try device.check(path)
    var settings: [CgroupSetting] = []
    let number = "\(device.major):\(device.minor)"
    if let weight = try BlockIOWeight.checked(device.weight, "\(path).weight") {
      settings.append(either("weight_device", "\(number) \(weight)", for: "\(path).weight"))
    }
    if let weight = try BlockIOWeight.checked(device.leafWeight, "\(path).leafWeight") {
      settings.append(set("blkio.leaf_weight_device", "\(number) \(weight)", for: "\(path).leafWeight"))
    }
    return settings
  }

  /// The file is CFQ's on old kernels, BFQ's on new ones.
  private static func either(_ file: String, _ value: String, for path: String) -> CgroupSetting {
    var setting = set("blkio.bfq.\(file)", value, for: path)
    setting.alternative = .init(file: "blkio.\(file)", value: value)
    return setting
  }
}
