internal import CSeccomp
internal import OCIRuntimeSpec

/// What stands before libseccomp's program: calls that are newer than the profile get `ENOSYS`.
///
/// A profile that denies what it does not name with `EPERM` was written before the newest calls. C libraries try a new
/// call first and fall back to an old one only on `ENOSYS`; runc does the same since 1.0-rc93.
struct SeccompPrologue {
  private var instructions: [UInt64] = []

  init(for profile: LinuxSeccomp) {
    // Whoever traces or is notified answers for new calls as well.
    guard ![.allow, .log, .trace, .notify].contains(profile.defaultAction),
      profile.defaultErrnoRet != Self.noSystemCall
    else { return }
    for architecture in Self.architectures(profile) {
      guard let newest = Self.newestCall(in: profile, architecture) else { continue }
      append(architecture, newest)
    }
  }

  var bytes: [UInt8] {
    instructions.flatMap { instruction in withUnsafeBytes(of: instruction.littleEndian, Array.init) }
  }

  private static let noSystemCall: UInt32 = 38
  /// Set in the number of every x32 call; its architecture is that of x86-64.
  private static let x32Bit: UInt32 = 0x4000_0000

  /// libseccomp always covers the native one.
  private static func architectures(_ profile: LinuxSeccomp) -> Set<UInt32> {
    Set(profile.architectures.compactMap(SeccompCompiler.token)).union([seccomp_arch_native()])
  }

  private static func newestCall(in profile: LinuxSeccomp, _ architecture: UInt32) -> UInt32? {
    profile.syscalls.flatMap { $0.names }
      .map { seccomp_syscall_resolve_name_arch(architecture, $0) }
      // Negative: unknown, or not a call of its own on this architecture.
      .filter { $0 >= 0 }.max().map { UInt32($0) }
  }

  /// Falls through to what follows unless the call is of `architecture` and newer.
  private mutating func append(_ architecture: UInt32, _ newest: UInt32) {
    let isX32 = architecture == UInt32(bitPattern: 0x4000_003e)
    instructions.append(.loadWord(at: 4))
    instructions.append(.jump(if: .equal, isX32 ? Self.x8664 : architecture, then: 0, otherwise: 4))
    instructions.append(.loadWord(at: 0))
    // x86-64 and x32 share the architecture: each leaves the other's numbers alone.
    if isX32 {
      instructions.append(.jump(if: .greater, newest | Self.x32Bit, then: 1, otherwise: 2))
      instructions.append(.jump(if: .greaterOrEqual, Self.x32Bit, then: 0, otherwise: 1))
    } else {
      instructions.append(.jump(if: .greaterOrEqual, Self.x32Bit, then: 2, otherwise: 0))
      instructions.append(.jump(if: .greater, newest, then: 0, otherwise: 1))
    }
    instructions.append(.give(0x0005_0000 | Self.noSystemCall))
  }

  private static let x8664: UInt32 = 0xc000_003e
}

/// `struct sock_filter`: operation, two offsets, a value.
extension UInt64 {
  fileprivate enum Condition: UInt64 {
    case equal = 0x15
    case greater = 0x25
    case greaterOrEqual = 0x35
  }

  fileprivate static func loadWord(at offset: UInt32) -> UInt64 { 0x20 | UInt64(offset) << 32 }

  fileprivate static func jump(
    if condition: Condition, _ value: UInt32, then: UInt64, otherwise: UInt64
  ) -> UInt64 {
    condition.rawValue | then << 16 | otherwise << 24 | UInt64(value) << 32
  }

  /// Ends the program.
  fileprivate static func give(_ action: UInt32) -> UInt64 { 0x06 | UInt64(action) << 32 }
}
