internal import LinuxKernel

/// Kernel parameters under /proc/sys; those of `net` are the calling process's network namespace's.
enum Sysctl {
  /// - Returns: whether the value was another one before.
  @discardableResult
  static func write(_ name: String, _ value: String) throws(NetworkError) -> Bool {
    let path = "/proc/sys/\(name)"
    do throws(SyscallError) {
      if try read(path) == value { return false }
      try FileDescriptor.open(path, .writeOnly).writeAll(Array(value.utf8))
      return true
    } catch { throw .kernel(operation: "set \(name) to \(value)", reason: error.description) }
  }

  static func value(_ name: String) throws(NetworkError) -> String {
    do throws(SyscallError) { return try read("/proc/sys/\(name)") } catch {
      throw .kernel(operation: "read \(name)", reason: error.description)
    }
  }

  /// The range that the kernel takes local ports from, and Docker those it may choose: 32768 to 60999 unless it was changed.
  static func localPortRange() -> ClosedRange<UInt16> {
    let usual: ClosedRange<UInt16> = 32768...60999
    // A machine without /proc/sys still has ports.
    guard let text = try? read("/proc/sys/net/ipv4/ip_local_port_range") else { return usual }
    let ends = text.split(whereSeparator: \.isWhitespace).compactMap { UInt16($0) }
    guard ends.count == 2, ends[0] > 0, ends[0] <= ends[1] else { return usual }
    return ends[0]...ends[1]
  }

  private static func read(_ path: String) throws(SyscallError) -> String {
    var text = String(decoding: try AtomicFile.read(path, limit: 4096), as: UTF8.self)
    if text.last == "\n" { text.removeLast() }
    return text
  }
}
