internal import CLinux
internal import Glibc

/// The capability sets of the calling thread, one bit per capability number, `capabilities(7)`.
public enum ProcessCapabilities {
  /// The three sets that `capset(2)` takes.
  public struct Sets: Equatable, Sendable {
    public var effective: UInt64
    public var permitted: UInt64
    public var inheritable: UInt64

    public init(effective: UInt64, permitted: UInt64, inheritable: UInt64) {
      self.effective = effective
      self.permitted = permitted
      self.inheritable = inheritable
    }
  }

  public static func get() throws(SyscallError) -> Sets {
    var header = __user_cap_header_struct(version: UInt32(_LINUX_CAPABILITY_VERSION_3), pid: 0)
    var data = [__user_cap_data_struct](repeating: .init(), count: 2)
    try check("capget") { proa_capget(&header, &data) }
    func joined(_ part: (__user_cap_data_struct) -> UInt32) -> UInt64 {
      UInt64(part(data[1])) << 32 | UInt64(part(data[0]))
    }
    return Sets(
      effective: joined { $0.effective }, permitted: joined { $0.permitted }, inheritable: joined { $0.inheritable })
  }

  public static func set(_ sets: Sets) throws(SyscallError) {
    var header = __user_cap_header_struct(version: UInt32(_LINUX_CAPABILITY_VERSION_3), pid: 0)
    let data = [UInt64(0), 32].map { shift in
      __user_cap_data_struct(
        effective: UInt32(truncatingIfNeeded: sets.effective >> shift),
        permitted: UInt32(truncatingIfNeeded: sets.permitted >> shift),
        inheritable: UInt32(truncatingIfNeeded: sets.inheritable >> shift))
    }
    try check("capset") { proa_capset(&header, data) }
  }

  /// Whether the bounding set has `capability`; `nil` if the kernel does not know it.
  public static func isInBoundingSet(_ capability: UInt32) -> Bool? {
    let result = proa_prctl(PR_CAPBSET_READ, UInt(capability), 0, 0, 0)
    return result < 0 ? nil : result == 1
  }

  public static func dropFromBoundingSet(_ capability: UInt32) throws(SyscallError) {
    try check("prctl PR_CAPBSET_DROP", "\(capability)") { proa_prctl(PR_CAPBSET_DROP, UInt(capability), 0, 0, 0) }
  }

  public static func clearAmbientSet() throws(SyscallError) {
    try check("prctl PR_CAP_AMBIENT_CLEAR_ALL") {
      proa_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_CLEAR_ALL), 0, 0, 0)
    }
  }

  public static func raiseInAmbientSet(_ capability: UInt32) throws(SyscallError) {
    try check("prctl PR_CAP_AMBIENT_RAISE", "\(capability)") {
      proa_prctl(PR_CAP_AMBIENT, UInt(PR_CAP_AMBIENT_RAISE), UInt(capability), 0, 0)
    }
  }

  /// Whether the permitted set outlives a change of all user ids away from 0; reset by exec.
  public static func keepAcrossUserChange(_ keep: Bool) throws(SyscallError) {
    try check("prctl PR_SET_KEEPCAPS") { proa_prctl(PR_SET_KEEPCAPS, keep ? 1 : 0, 0, 0, 0) }
  }
}
