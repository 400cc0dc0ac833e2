internal import LinuxKernel
internal import OCIRuntimeSpec

/// `linux.seccomp.flags` as the kernel's bits.
enum SeccompFlags {
  /// - Parameter notifying: whether the filter is to have a listener.
  static func combined(_ flags: [LinuxSeccompFlag], notifying: Bool) throws(ConfinementError) -> UInt {
    var bits = notifying ? SeccompListener.newListener : 0
    for (index, flag) in flags.enumerated() {
      guard isSupported(flag) else {
        throw ConfinementError(
          .unsupported("the kernel does not know \(flag.rawValue)"), path: "linux.seccomp.flags[\(index)]")
      }
      switch flag {
      // Without a listener nobody waits for one.
      case .waitKillableRecv where !notifying: break
      // There is one thread, and no answer but the listener where one is asked for.
      case .tsync where notifying: break
      default: bits |= bit(flag)
      }
    }
    return bits
  }

  private static func isSupported(_ flag: LinuxSeccompFlag) -> Bool {
    // The kernel refuses this one without a listener.
    SeccompLoader.supports(flag: flag == .waitKillableRecv ? bit(flag) | SeccompListener.newListener : bit(flag))
  }

  /// Those that this kernel takes.
  static var supported: [LinuxSeccompFlag] {
    LinuxSeccompFlag.allCases.filter(isSupported)
  }

  private static func bit(_ flag: LinuxSeccompFlag) -> UInt {
    switch flag {
    case .tsync: 1 << 0
    case .log: 1 << 1
    case .specAllow: 1 << 2
    case .waitKillableRecv: 1 << 5
    }
  }
}
