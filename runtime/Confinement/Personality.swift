internal import LinuxKernel
public import OCIRuntimeSpec

/// `linux.personality` (config-linux.md §Personality), checked.
public struct Personality: Equatable, Sendable {
  private let domain: UInt

  /// - Throws: `unsupported` for flags, of which the specification has none yet.
  public init(_ personality: LinuxPersonality) throws(ConfinementError) {
    guard personality.flags.isEmpty else {
      throw ConfinementError(
        .unsupported("additional personality flags are not supported yet"), path: "linux.personality.flags")
    }
    switch personality.domain {
    case "LINUX": domain = 0
    case "LINUX32": domain = 8
    default:
      throw ConfinementError(
        .invalid("\"\(personality.domain)\" is neither LINUX nor LINUX32"), path: "linux.personality.domain")
    }
  }

  /// For the calling process, and what it executes.
  public func apply() throws(ConfinementError) {
    try blaming("linux.personality") { () throws(SyscallError) in try Scheduling.setPersonality(domain) }
  }
}
