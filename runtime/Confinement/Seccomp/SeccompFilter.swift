package import LinuxKernel
public import OCIRuntimeSpec

/// A filter of system calls, ready to be loaded (config-linux.md §Seccomp).
///
/// It is made in the parent, where a mistake in the profile can still be reported with its place, and loaded in the child.
public struct SeccompFilter: Sendable {
  /// Instructions, eight bytes each as in `struct sock_filter`.
  public let program: [UInt8]
  /// `SECCOMP_FILTER_FLAG_…`, combined.
  public let flags: UInt
  /// Why the cache was of no use, for the log; `nil` if it was, or if there is none.
  public let cacheProblem: String?

  /// Checks the profile and compiles it, or takes the result of an earlier time from `cache`.
  ///
  /// Calls that neither libseccomp nor this program knows are left out, as runc does.
  /// - Throws: ``ConfinementError`` with the path of what is wrong or not supported, `linux.seccomp.syscalls[3].action`.
  public init(_ profile: LinuxSeccomp, cache: SeccompCache? = nil) throws(ConfinementError) {
    try SeccompValidation.check(profile)
    flags = try SeccompFlags.combined(profile.flags, notifying: profile.isNotifying)
    let key = SeccompCache.key(for: profile)
    var problem: String?
    do {
      if let program = try cache?.program(for: key) {
        self.program = program
        cacheProblem = nil
        return
      }
    } catch { problem = "\(error)" }
    program = try SeccompCompiler.program(for: profile)
    // A cache that gave no answer for a reason is not written to either.
    if problem == nil {
      do { try cache?.store(program, for: key) } catch { problem = "\(error)" }
    }
    cacheProblem = problem
  }

  /// The architectures that the linked libseccomp knows.
  public static var architectures: [LinuxSeccompArchitecture] {
    LinuxSeccompArchitecture.allCases.filter { SeccompCompiler.token($0) != nil }
  }

  /// The flags that this kernel takes.
  public static var supportedFlags: [LinuxSeccompFlag] { SeccompFlags.supported }

  /// Puts the calling thread, and all that it executes, under the filter; for good.
  ///
  /// Without no_new_privs it needs `CAP_SYS_ADMIN`: load it before the capabilities are given up, otherwise as the last
  /// thing before exec, since the calls in between must pass it too.
  public func load() throws(ConfinementError) {
    try blaming("linux.seccomp") { () throws(SyscallError) in _ = try SeccompLoader.load(program, flags: flags) }
  }

  /// The same for a filter that notifies; its listener is sent with `message`, and a pidfd of the process that sends it.
  package func load(sendingListenerTo channel: borrowing MessageSocket, _ message: [UInt8]) throws(ConfinementError) {
    do throws(SyscallError) {
      try SeccompListener.load(program, flags: flags, sendingTo: channel, message)
    } catch {
      throw ConfinementError(.kernel(error), path: "linux.seccomp")
    }
  }
}
