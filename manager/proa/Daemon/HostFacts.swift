internal import LinuxKernel

/// What this machine says of itself.
enum HostFacts {
  /// 2 if there is nothing but the unified hierarchy.
  static var cgroupVersion: Int { Machine.exists("/sys/fs/cgroup/cgroup.controllers") ? 2 : 1 }

  static var kernelVersion: String { file("/proc/sys/kernel/osrelease") }

  static var hostname: String { file("/proc/sys/kernel/hostname") }

  static var operatingSystem: String {
    for line in file("/etc/os-release").split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
      return line.dropFirst(12).filter { $0 != "\"" }
    }
    return "Linux"
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
