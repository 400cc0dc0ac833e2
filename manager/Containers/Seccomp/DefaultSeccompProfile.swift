public import OCIRuntimeSpec

/// The filter of system calls that a container gets unless it asks for another: what Docker's engine 29 allows. Everything
/// else fails with `EPERM`, and calls that are newer than the list with `ENOSYS` (the runtime sees to that).
public enum DefaultSeccompProfile {
  /// The machines that it is known for.
  public enum Machine: Sendable {
    case x86
    case arm

    /// This one; `nil` if there is no list for it.
    public static var current: Machine? {
      #if arch(x86_64)
        .x86
      #elseif arch(arm64)
        .arm
      #else
        nil
      #endif
    }
  }

  /// The profile for a process that may have `capabilities`, `CAP_…` each.
  public static func profile(capabilities: Set<String>, machine: Machine) -> LinuxSeccomp {
    var profile = LinuxSeccomp()
    profile.defaultAction = .errno
    profile.defaultErrnoRet = operationNotPermitted
    profile.architectures = machine == .x86 ? [.x8664, .x86, .x32] : [.aarch64, .arm]
    let ofMachine = machine == .x86 ? DefaultSeccompCalls.allowedOnX86 : DefaultSeccompCalls.allowedOnARM
    profile.syscalls = [
      allow(DefaultSeccompCalls.allowed), allow(DefaultSeccompCalls.tracing), allow(ofMachine),
    ]
    profile.syscalls += sockets + personalities
    for (capability, calls) in DefaultSeccompCalls.byCapability where capabilities.contains(capability) {
      profile.syscalls.append(allow(calls))
    }
    if !capabilities.contains("CAP_SYS_ADMIN") { profile.syscalls += cloning }
    return profile
  }

  private static let operationNotPermitted: UInt32 = 1
  private static let noSystemCall: UInt32 = 38

  /// Every family but AF_ALG (38), out of which the kernel was attacked, and AF_VSOCK (40), which reaches the hypervisor
  /// and knows no network namespace.
  private static let sockets: [LinuxSyscall] = [
    allow("socket", argument(0, .lessThan, 38)), allow("socket", argument(0, .equal, 39)),
    allow("socket", argument(0, .greaterThan, 40)),
  ]

  /// PER_LINUX and PER_LINUX32, each with and without UNAME26, and the question which one it is.
  private static let personalities: [LinuxSyscall] = [0, 0x8, 0x2_0000, 0x2_0008, 0xffff_ffff].map {
    allow("personality", argument(0, .equal, $0))
  }

  /// Processes and threads, but no namespaces. clone3's flags are in memory, where a filter cannot look, so that C
  /// libraries are told to use clone.
  private static let cloning: [LinuxSyscall] = {
    var clone3 = allow(["clone3"])
    clone3.action = .errno
    clone3.errnoRet = noSystemCall
    var noNamespaces = argument(0, .maskedEqual, namespaceFlags)
    noNamespaces.valueTwo = 0
    return [allow("clone", noNamespaces), clone3]
  }()

  /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
  private static let namespaceFlags: UInt64 = 0x7e02_0000

  private static func allow(_ name: String, _ argument: LinuxSeccompArgument) -> LinuxSyscall {
    var rule = allow([name])
    rule.args = [argument]
    return rule
  }

  private static func allow(_ names: [String]) -> LinuxSyscall {
    var rule = LinuxSyscall()
    rule.names = names
    rule.action = .allow
    return rule
  }

  private static func argument(_ index: UInt32, _ op: LinuxSeccompOperator, _ value: UInt64) -> LinuxSeccompArgument {
    var argument = LinuxSeccompArgument()
    argument.index = index
    argument.op = op
    argument.value = value
    return argument
  }
}
