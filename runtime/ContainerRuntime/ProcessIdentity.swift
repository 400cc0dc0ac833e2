package import LinuxKernel

/// A process that is recognised even if its pid has been given to another since: by the moment of its start.
package struct ProcessIdentity: Equatable {
  package var pid: Int32
  /// Clock ticks since the machine booted.
  package var startTime: UInt64

  /// The process that has `pid` now; `nil` if there is none, or one that has ended and was not reaped yet.
  package static func running(_ pid: Int32) throws(SyscallError) -> ProcessIdentity? {
    guard pid > 0 else { return nil }
    do throws(SyscallError) {
      return try parse(AtomicFile.read("/proc/\(pid)/stat", limit: 4096), pid: pid)
    } catch {
      // ESRCH: it ended between open and read.
      if error.errno == .noEntry || error.errno == .noProcess { return nil }
      throw error
    }
  }

  package static func parse(_ stat: [UInt8], pid: Int32) -> ProcessIdentity? {
    // The name is in parentheses and may hold anything, parentheses too.
    guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let startTime = UInt64(String(decoding: fields[19], as: UTF8.self)) else { return nil }
    let state = fields[0].first
    if state == UInt8(ascii: "Z") || state == UInt8(ascii: "X") { return nil }
    return ProcessIdentity(pid: pid, startTime: startTime)
  }

  /// Whether it still runs.
  package func isAlive() throws(SyscallError) -> Bool { try Self.running(pid) == self }

  /// A descriptor of it; `nil` if it has ended.
  package func descriptor() throws(SyscallError) -> FileDescriptor? {
    do throws(SyscallError) {
      let descriptor = try Processes.descriptor(of: pid)
      // Asked after the descriptor is held: from now on the pid cannot mean another process.
      guard try isAlive() else { return nil }
      return descriptor
    } catch {
      if error.errno == .noProcess { return nil }
      throw error
    }
  }
}
