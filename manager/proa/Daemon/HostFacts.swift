internal import LinuxKernel

/// What this machine says of itself.
enum HostFacts {
  /// 2 if there is nothing but the unified hierarchy.
  static var cgroupVersion: Int { Machine.exists("/sys/fs/cgroup/cgroup.controllers") ? 2 : 1 }

  /// The cgroup controllers that are mounted.
  static var controllers: Set<String> {
    if cgroupVersion == 2 { return Set(file("/sys/fs/cgroup/cgroup.controllers").words) }
    // cgroups(7): name, number of the hierarchy (0 if none), number of groups, whether it is enabled.
    let lines = file("/proc/cgroups").fields("\n").map { $0.fields { $0 == UInt8(ascii: "\t") } }
    return Set(lines.filter { $0.count == 4 && $0[1] != "0" && $0[3] == "1" }.map { String($0[0]) })
  }

  /// Whether a limit of memory can count swap: the kernel may be built or booted without that.
  static var countsSwap: Bool {
    guard cgroupVersion == 2 else { return Machine.exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes") }
    let own = file("/proc/self/cgroup").dropFirst("0::".count)
    // The root has no limits; there every kernel of today counts swap.
    return own == "/" || Machine.exists("/sys/fs/cgroup\(own)/memory.swap.max")
  }

  static var kernelVersion: String { file("/proc/sys/kernel/osrelease") }

  static var hostname: String { file("/proc/sys/kernel/hostname") }

  /// The value of `name` in os-release(5), `nil` if there is none.
  static func release(_ name: String) -> String? {
    for line in file("/etc/os-release").split(separator: "\n") where line.hasPrefix("\(name)=") {
      return line.dropFirst(name.count + 1).filter { $0 != "\"" && $0 != "'" }
    }
    return nil
  }

  static var architecture: String {
    #if arch(arm64)
      "aarch64"
    #else
      "x86_64"
    #endif
  }

  static var forwardsIPv4: Bool { file("/proc/sys/net/ipv4/ip_forward") == "1" }

  /// What is not there is nothing to say.
  private static func file(_ path: String) -> String {
    guard let bytes = try? AtomicFile.read(path, limit: 1 << 16) else { return "" }
    var text = String(decoding: bytes, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}
