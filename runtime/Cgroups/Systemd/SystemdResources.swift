internal import DBus
internal import LinuxKernel
internal import OCIRuntimeSpec

/// What of `linux.resources` systemd has a property for, as runc translates it. Everything is written into the kernel's
/// files as well; the properties keep systemd from writing its own defaults over it.
enum SystemdResources {
  static func properties(
    for resources: LinuxResources, devices: DeviceRules?, version: CgroupVersion
  ) throws(CgroupError) -> [SystemdProperty] {
    var properties = try devices.map { rules throws(CgroupError) in try SystemdDevices.properties(for: rules) } ?? []
    properties += try memory(resources.memory, version)
    if let cpu = resources.cpu { properties += try processors(cpu, version) }
    if let limit = resources.pids?.limit { properties.append(.limit("TasksMax", limit > 0 ? limit : -1)) }
    if let io = resources.blockIO { properties += version == .v1 ? blkio(io) : blockIO(io) }
    return properties + (try SystemdUnified.properties(for: resources.unified))
  }

  private static func memory(
    _ memory: LinuxMemory?, _ version: CgroupVersion
  ) throws(CgroupError) -> [SystemdProperty] {
    guard let memory else { return [] }
    var properties: [SystemdProperty] = []
    if let limit = memory.limit, limit != 0 {
      properties.append(.limit(version == .v1 ? "MemoryLimit" : "MemoryMax", limit))
    }
    if version == .v1 { return properties }
    if let low = memory.reservation, low != 0 { properties.append(.limit("MemoryLow", low)) }
    if let swap = try MemoryController.swapAlone(memory) { properties.append(.limit("MemorySwapMax", swap)) }
    return properties
  }

  private static func processors(_ cpu: LinuxCPU, _ version: CgroupVersion) throws(CgroupError) -> [SystemdProperty] {
    var properties: [SystemdProperty] = []
    if let shares = cpu.shares, shares != 0 {
      if version == .v1 { properties.append(.number("CPUShares", shares)) }
      // An idle group has no weight.
      if version == .v2, cpu.idle != 1 {
        properties.append(.number("CPUWeight", CPUController.weight(ofShares: shares)))
      }
    }
    properties += quota(cpu.quota ?? 0, period: cpu.period ?? 0)
    if let cpus = cpu.cpus, !cpus.isEmpty { properties.append(try set("AllowedCPUs", cpus, "cpu.cpus")) }
    if let mems = cpu.mems, !mems.isEmpty { properties.append(try set("AllowedMemoryNodes", mems, "cpu.mems")) }
    return properties
  }

  /// Microseconds of each second, rounded up to the hundredths that systemd remembers.
  static func quota(_ quota: Int64, period: UInt64) -> [SystemdProperty] {
    if quota == 0, period == 0 { return [] }
    let periods: [SystemdProperty] = period == 0 ? [] : [.number("CPUQuotaPeriodUSec", period)]
    guard quota > 0 else { return periods + [.number("CPUQuotaPerSecUSec", .max)] }
    let (product, overflows) = UInt64(quota).multipliedReportingOverflow(by: 1_000_000)
    guard !overflows else { return periods + [.number("CPUQuotaPerSecUSec", .max)] }
    let (whole, rest) = (product / (period == 0 ? 100_000 : period)).quotientAndRemainder(dividingBy: 10_000)
    return periods + [.number("CPUQuotaPerSecUSec", (whole + (rest == 0 ? 0 : 1)) * 10_000)]
  }

  /// A list like `0-3,7` as bits.
  static func set(_ name: String, _ list: String, _ path: String) throws(CgroupError) -> SystemdProperty {
    var bytes: [UInt8] = []
    for part in list.fields(",") {
      let ends = part.fields("-", keepingEmpty: true).map { Int(String($0).words.first ?? "") ?? -1 }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, 0 <= first, first <= last, last < 1 << 16
      else { throw CPUSetController.invalid("\"\(list)\" is no list like 0-3,7", path) }
      while bytes.count <= last / 8 { bytes.append(0) }
      for number in first...last { bytes[number / 8] |= 1 << (number % 8) }
    }
    return SystemdProperty(name, .array(of: "y", bytes.map(DBusValue.byte)))
  }

  private static func blkio(_ io: LinuxBlockIO) -> [SystemdProperty] {
    (io.weight ?? 0) == 0 ? [] : [.number("BlockIOWeight", UInt64(io.weight ?? 0))]
  }

  private static func blockIO(_ io: LinuxBlockIO) -> [SystemdProperty] {
    var properties: [SystemdProperty] = []
    func weight(_ weight: UInt16) -> UInt64 { UInt64(max(1, IOController.weight(ofBlkioWeight: weight))) }
    if let given = io.weight, given != 0 { properties.append(.number("IOWeight", weight(given))) }
    for device in io.weightDevice {
      guard let given = device.weight, given != 0 else { continue }
      properties.append(.device("IODeviceWeight", "\(device.major):\(device.minor)", weight(given)))
    }
    let names = [
      "rbps": "IOReadBandwidthMax", "wbps": "IOWriteBandwidthMax", "riops": "IOReadIOPSMax", "wiops": "IOWriteIOPSMax",
    ]
    for throttle in BlockIOThrottle.all(in: io) {
      if let name = names[throttle.keyV2] { properties.append(.device(name, throttle.device, throttle.rate)) }
    }
    return properties
  }
}
