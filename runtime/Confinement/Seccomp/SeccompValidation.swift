package import OCIRuntimeSpec

/// What can be said about a profile without compiling it.
enum SeccompValidation {
  static func check(_ profile: LinuxSeccomp) throws(ConfinementError) {
    let hasListener = profile.listenerPath.map { !$0.isEmpty } ?? false
    if !hasListener, let metadata = profile.listenerMetadata, !metadata.isEmpty {
      throw invalid("needs a listenerPath", "listenerMetadata")
    }
    if !hasListener, profile.isNotifying { throw invalid("SCMP_ACT_NOTIFY needs one", "listenerPath") }
    try check(profile.defaultAction, profile.defaultErrnoRet, "defaultAction", "defaultErrnoRet")
    for (index, rule) in profile.syscalls.enumerated() {
      try check(rule, "syscalls[\(index)]")
    }
  }

  private static func check(_ rule: LinuxSyscall, _ path: String) throws(ConfinementError) {
    guard !rule.names.isEmpty else { throw invalid("names no system call", "\(path).names") }
    for (index, name) in rule.names.enumerated() where name.isEmpty || name.utf8.contains(0) {
      throw invalid("is no name of a system call", "\(path).names[\(index)]")
    }
    try check(rule.action, rule.errnoRet, "\(path).action", "\(path).errnoRet")
    for (index, argument) in rule.args.enumerated() where argument.index > 5 {
      throw invalid("\(argument.index) is not between 0 and 5", "\(path).args[\(index)].index")
    }
  }

  private static func check(
    _ action: LinuxSeccompAction, _ errno: UInt32?, _ path: String, _ errnoPath: String
  ) throws(ConfinementError) {
    guard let errno else { return }
    guard action == .errno || action == .trace else {
      throw invalid("\(action.rawValue) returns no errno", errnoPath)
    }
    // 4095 is the highest that the kernel lets a filter return as an error.
    guard errno <= (action == .errno ? 4095 : 0xffff) else { throw invalid("\(errno) is too large", errnoPath) }
  }

  static func invalid(_ message: String, _ path: String) -> ConfinementError {
    ConfinementError(.invalid(message), path: "linux.seccomp.\(path)")
  }

  static func unsupported(_ message: String, _ path: String) -> ConfinementError {
    ConfinementError(.unsupported(message), path: "linux.seccomp.\(path)")
  }
}

extension LinuxSeccomp {
  /// Whether somebody is to be told of calls; only then is there a listener (config-linux.md §Seccomp).
  package var isNotifying: Bool { defaultAction == .notify || syscalls.contains { $0.action == .notify } }
}
