public import JSON

/// A filter of system calls (config-linux.md §Seccomp).
public struct LinuxSeccomp: JSONMappable, Equatable {
  /// For calls that no rule matches.
  public var defaultAction = LinuxSeccompAction.errno
  public var defaultErrnoRet: UInt32?
  public var architectures: [LinuxSeccompArchitecture] = []
  public var flags: [LinuxSeccompFlag] = []
  /// Socket that gets the descriptor of a notifying filter.
  public var listenerPath: String?
  public var listenerMetadata: String?
  public var syscalls: [LinuxSyscall] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("defaultAction", &defaultAction)
    try json.optional("defaultErrnoRet", &defaultErrnoRet)
    try json.nonEmpty("architectures", &architectures)
    try json.nonEmpty("flags", &flags)
    try json.optional("listenerPath", &listenerPath)
    try json.optional("listenerMetadata", &listenerMetadata)
    try json.nonEmpty("syscalls", &syscalls)
    json.unknown(&unknown)
  }
}

/// One rule: what happens to these calls with these arguments.
public struct LinuxSyscall: JSONMappable, Equatable {
  public var names = [String]()
  public var action = LinuxSeccompAction.errno
  public var errnoRet: UInt32?
  public var args: [LinuxSeccompArgument] = []
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("names", &names)
    try json.required("action", &action)
    try json.optional("errnoRet", &errnoRet)
    try json.nonEmpty("args", &args)
    json.unknown(&unknown)
  }
}

/// A condition on an argument of a system call.
public struct LinuxSeccompArgument: JSONMappable, Equatable {
  /// 0 to 5.
  public var index = UInt32(0)
  public var value = UInt64(0)
  /// The value to compare with under the mask `value`.
  public var valueTwo: UInt64?
  public var op = LinuxSeccompOperator.equal
  /// Members that this version of the specification does not name.
  public var unknown = JSONObject()

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("index", &index)
    try json.required("value", &value)
    try json.optional("valueTwo", &valueTwo)
    try json.required("op", &op)
    json.unknown(&unknown)
  }
}

/// What the kernel does with a call, `seccomp_rule_add(3)`.
public enum LinuxSeccompAction: String, JSONConvertible, CaseIterable, Sendable {
  case kill = "SCMP_ACT_KILL"
  case killProcess = "SCMP_ACT_KILL_PROCESS"
  case killThread = "SCMP_ACT_KILL_THREAD"
  case trap = "SCMP_ACT_TRAP"
  case errno = "SCMP_ACT_ERRNO"
  case trace = "SCMP_ACT_TRACE"
  case allow = "SCMP_ACT_ALLOW"
  case log = "SCMP_ACT_LOG"
  case notify = "SCMP_ACT_NOTIFY"
}

/// A comparison.
public enum LinuxSeccompOperator: String, JSONConvertible, CaseIterable, Sendable {
  case notEqual = "SCMP_CMP_NE"
  case lessThan = "SCMP_CMP_LT"
  case lessOrEqual = "SCMP_CMP_LE"
  case equal = "SCMP_CMP_EQ"
  case greaterOrEqual = "SCMP_CMP_GE"
  case greaterThan = "SCMP_CMP_GT"
  case maskedEqual = "SCMP_CMP_MASKED_EQ"
}

/// Flags of `seccomp(2)`.
public enum LinuxSeccompFlag: String, JSONConvertible, CaseIterable, Sendable {
  case tsync = "SECCOMP_FILTER_FLAG_TSYNC"
  case log = "SECCOMP_FILTER_FLAG_LOG"
  case specAllow = "SECCOMP_FILTER_FLAG_SPEC_ALLOW"
  case waitKillableRecv = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"
}

/// Architectures whose calls the filter covers.
public enum LinuxSeccompArchitecture: String, JSONConvertible, CaseIterable, Sendable {
  case x86 = "SCMP_ARCH_X86"
  case x8664 = "SCMP_ARCH_X86_64"
  case x32 = "SCMP_ARCH_X32"
  case arm = "SCMP_ARCH_ARM"
  case aarch64 = "SCMP_ARCH_AARCH64"
  case loongarch64 = "SCMP_ARCH_LOONGARCH64"
  case m68k = "SCMP_ARCH_M68K"
  case mips = "SCMP_ARCH_MIPS"
  case mips64 = "SCMP_ARCH_MIPS64"
  case mips64n32 = "SCMP_ARCH_MIPS64N32"
  case mipsel = "SCMP_ARCH_MIPSEL"
  case mipsel64 = "SCMP_ARCH_MIPSEL64"
  case mipsel64n32 = "SCMP_ARCH_MIPSEL64N32"
  case ppc = "SCMP_ARCH_PPC"
  case ppc64 = "SCMP_ARCH_PPC64"
  case ppc64le = "SCMP_ARCH_PPC64LE"
  case s390 = "SCMP_ARCH_S390"
  case s390x = "SCMP_ARCH_S390X"
  case sh = "SCMP_ARCH_SH"
  case sheb = "SCMP_ARCH_SHEB"
  case parisc = "SCMP_ARCH_PARISC"
  case parisc64 = "SCMP_ARCH_PARISC64"
  case riscv64 = "SCMP_ARCH_RISCV64"
}
