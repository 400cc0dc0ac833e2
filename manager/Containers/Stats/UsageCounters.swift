internal import LinuxKernel

/// Counters of block devices.
enum BlockCounters {
  /// `blkio.throttle.*`: `8:0 Read 4096`; the sum at the end has no device.
  static func legacy(_ text: String) -> [ResourceUsage.BlockEntry] {
    text.fields("\n").compactMap { line in
      let fields = line.fields(" ")
      guard fields.count == 3, let (major, minor) = device(fields[0]), let value = UInt64(fields[2]) else { return nil }
      return .init(major: major, minor: minor, operation: String(fields[1]), value: value)
    }
  }

  /// `io.stat`: `8:0 rbytes=4096 wbytes=0 rios=1 …`.
  static func unified(_ text: String) -> [ResourceUsage.BlockEntry] {
    text.fields("\n").flatMap { line -> [ResourceUsage.BlockEntry] in
      let fields = line.fields(" ")
      guard let first = fields.first, let (major, minor) = device(first) else { return [] }
      return fields.dropFirst().compactMap { field in
        let parts = field.fields("=")
        guard parts.count == 2, let operation = ["rbytes": "read", "wbytes": "write"][parts[0]],
          let value = UInt64(parts[1])
        else { return nil }
        return .init(major: major, minor: minor, operation: operation, value: value)
      }
    }
  }

  private static func device(_ text: Substring) -> (UInt64, UInt64)? {
    let parts = text.fields(":")
    guard parts.count == 2, let major = UInt64(parts[0]), let minor = UInt64(parts[1]) else { return nil }
    return (major, minor)
  }
}

/// Counters of network interfaces.
enum NetworkCounters {
  /// Of the network namespace that the process is in.
  static func of(_ pid: Int32) throws(SyscallError) -> [String: ResourceUsage.Network] {
    parse(String(decoding: try AtomicFile.read("/proc/\(pid)/net/dev", limit: 1 << 20), as: UTF8.self))
  }

  /// `/proc/net/dev`, without the loopback interface (proc_pid_net(5)).
  static func parse(_ text: String) -> [String: ResourceUsage.Network] {
    var networks: [String: ResourceUsage.Network] = [:]
    for line in text.fields("\n") {
      guard let colon = line.utf8.lastIndex(of: UInt8(ascii: ":")) else { continue }
      let name = line[..<colon].drop { $0 == " " }
      let values = line[line.utf8.index(after: colon)...].fields(" ").compactMap { UInt64($0) }
      guard name != "lo", values.count >= 16 else { continue }
      var network = ResourceUsage.Network()
      (network.receivedBytes, network.receivedPackets) = (values[0], values[1])
      (network.receiveErrors, network.receiveDrops) = (values[2], values[3])
      (network.sentBytes, network.sentPackets) = (values[8], values[9])
      (network.sendErrors, network.sendDrops) = (values[10], values[11])
      networks[String(name)] = network
    }
    return networks
  }
}
