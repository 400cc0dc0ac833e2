internal import OCIRuntimeSpec

/// Weights and rates of block devices on cgroup v2 (config-linux.md §Block IO).
enum IOController: CgroupController {
  static let name = "io"

  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting] {
    guard version == .v2, let io = resources.blockIO else { return [] }
    var settings: [CgroupSetting] = []
    if let leaf = io.leafWeight, leaf != 0 { throw unsupported("cgroup v2 has no leaf weights", "blockIO.leafWeight") }
    if let weight = try BlockIOWeight.checked(io.weight, "blockIO.weight") {
      settings.append(either(weight, prefix: "", for: "blockIO.weight"))
    }
    for (index, device) in io.weightDevice.enumerated() {
      let path = "blockIO.weightDevice[\(index)]"
      try device.check(path)
      if let leaf = device.leafWeight, leaf != 0 {
        throw unsupported("cgroup v2 has no leaf weights", "\(path).leafWeight")
      }
      if let weight = try BlockIOWeight.checked(device.weight, "\(path).weight") {
        settings.append(either(weight, prefix: "\(device.major):\(device.minor) ", for: "\(path).weight"))
      }
    }
    for throttle in BlockIOThrottle.all(in: io) {
      settings.append(set("io.max", "\(throttle.device) \(throttle.keyV2)=\(throttle.rate)", for: throttle.path))
    }
    return settings
  }

  /// BFQ's file takes v1's weights, the generic one has another range.
  private static func either(_ weight: UInt16, prefix: String, for path: String) -> CgroupSetting {
    var setting = set("io.bfq.weight", "\(prefix)\(weight)", for: path)
    setting.alternative = .init(file: "io.weight", value: "\(prefix)\(self.weight(ofBlkioWeight: weight))")
    return setting
  }

  /// v1's 10 … 1000 to v2's 1 … 10000, in a straight line as in runc.
  static func weight(ofBlkioWeight weight: UInt16) -> Int { 1 + (Int(weight) - 10) * 9999 / 990 }
}
