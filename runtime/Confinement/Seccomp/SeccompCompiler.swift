internal import CSeccomp
internal import LinuxKernel
internal import OCIRuntimeSpec

/// Compiles a profile with libseccomp.
struct SeccompCompiler: ~Copyable {
  private let context: scmp_filter_ctx
  private let defaultAction: UInt32

  /// - Precondition: ``SeccompValidation`` found nothing.
  static func program(for profile: LinuxSeccomp) throws(ConfinementError) -> [UInt8] {
    let compiler = try SeccompCompiler(defaultAction: code(profile.defaultAction, profile.defaultErrnoRet))
    try compiler.add(profile.architectures)
    for (index, rule) in profile.syscalls.enumerated() { try compiler.add(rule, "syscalls[\(index)]") }
    return try SeccompPrologue(for: profile).bytes + compiler.export()
  }

  private init(defaultAction: UInt32) throws(ConfinementError) {
    guard let context = seccomp_init(defaultAction) else {
      throw SeccompValidation.unsupported("libseccomp or the kernel does not know it", "defaultAction")
    }
    self.context = context
    self.defaultAction = defaultAction
    // A binary tree: slower to compile, faster to load and to run. Without it the filter is the same, only longer.
    _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
  }

  deinit { seccomp_release(context) }

  private func add(_ architectures: [LinuxSeccompArchitecture]) throws(ConfinementError) {
    for (index, architecture) in architectures.enumerated() {
      guard let token = Self.token(architecture) else {
        throw SeccompValidation.unsupported(
          "this libseccomp does not know \(architecture.rawValue)", "architectures[\(index)]")
      }
      let result = seccomp_arch_add(context, token)
      guard result == 0 || result == -Self.exists else {
        throw SeccompValidation.invalid(
          "\(architecture.rawValue): \(SyscallError.Errno(rawValue: -result))", "architectures[\(index)]")
      }
    }
  }

  private func add(_ rule: LinuxSyscall, _ path: String) throws(ConfinementError) {
    let action = Self.code(rule.action, rule.errnoRet)
    // libseccomp refuses a rule that says what the default says.
    if action == defaultAction { return }
    for (index, name) in rule.names.enumerated() {
      let number = seccomp_syscall_resolve_name(name)
      if number == __NR_SCMP_ERROR { continue }
      for conditions in Self.conditions(rule.args) {
        let result = seccomp_rule_add_array(context, action, number, UInt32(conditions.count), conditions)
        guard result == 0 || result == -Self.exists else {
          throw SeccompValidation.invalid(
            "\(name): \(SyscallError.Errno(rawValue: -result))", "\(path).names[\(index)]")
        }
      }
    }
  }

  private func export() throws(ConfinementError) -> [UInt8] {
    try blaming("linux.seccomp") { () throws(SyscallError) in
      let file = try FileDescriptor.anonymousFile(named: "seccomp")
      let result = seccomp_export_bpf(context, file.number)
      guard result == 0 else { throw SyscallError("seccomp_export_bpf", errno: .init(rawValue: -result)) }
      return try file.readAllFromStart(limit: SeccompLoader.maximumInstructions * 8)
    }
  }
}

extension SeccompCompiler {
  private static let exists: Int32 = 17

  /// Conditions on different arguments must all hold. Several on one argument are alternatives, a rule each, as in runc:
  /// one rule of libseccomp can look at an argument only once.
  private static func conditions(_ arguments: [LinuxSeccompArgument]) -> [[scmp_arg_cmp]] {
    let all = arguments.map {
      scmp_arg_cmp(arg: $0.index, op: comparison($0.op), datum_a: $0.value, datum_b: $0.valueTwo ?? 0)
    }
    return Set(arguments.map { $0.index }).count == arguments.count ? [all] : all.map { [$0] }
  }

  private static func comparison(_ op: LinuxSeccompOperator) -> scmp_compare {
    switch op {
    case .notEqual: SCMP_CMP_NE
    case .lessThan: SCMP_CMP_LT
    case .lessOrEqual: SCMP_CMP_LE
    case .equal: SCMP_CMP_EQ
    case .greaterOrEqual: SCMP_CMP_GE
    case .greaterThan: SCMP_CMP_GT
    case .maskedEqual: SCMP_CMP_MASKED_EQ
    }
  }

  /// libseccomp's token; `nil` for an architecture that it does not know.
  static func token(_ architecture: LinuxSeccompArchitecture) -> UInt32? {
    let token = seccomp_arch_resolve_name(String(architecture.rawValue.dropFirst("SCMP_ARCH_".count)).lowercased())
    return token == 0 ? nil : token
  }

  /// The kernel's `SECCOMP_RET_…`, which libseccomp uses too. Without an errno it is `EPERM`.
  static func code(_ action: LinuxSeccompAction, _ errno: UInt32?) -> UInt32 {
    switch action {
    case .kill, .killThread: 0x0000_0000
    case .killProcess: 0x8000_0000
    case .trap: 0x0003_0000
    case .errno: 0x0005_0000 | (errno ?? 1)
    case .trace: 0x7ff0_0000 | (errno ?? 1)
    case .allow: 0x7fff_0000
    case .log: 0x7ffc_0000
    case .notify: 0x7fc0_0000
    }
  }
}
