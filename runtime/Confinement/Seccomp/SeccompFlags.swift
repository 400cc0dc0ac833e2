internal import LinuxKernel
internal import OCIRuntimeSpec

/// `linux.seccomp.flags` as the kernel's bits.
enum SeccompFlags {
  static func combined(_ flags: [LinuxSeccompFlag]) throws(ConfinementError) -> UInt {
    var bits = UInt(0)
    for (index, flag) in flags.enumerated() {
      let path = "linux.seccomp.flags[\(index)]"
      guard flag != .waitKillableRecv else {
        throw ConfinementError(.unsupported("\(flag.rawValue) is of use only with a listener"), path: path)
      }
      let bit = Self.bit(flag)
      guard SeccompLoader.supports(flag: bit) else {
        throw ConfinementError(.unsupported("the kernel does not know \(flag.rawValue)"), path: path)
      }
      bits |= bit
    }
    return bits
  }

  /// Those that this kernel takes.
  static var supported: [LinuxSeccompFlag] {
    LinuxSeccompFlag.allCases.filter { SeccompLoader.supports(flag: bit($0)) }
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
