import OCIRuntimeSpec
import Testing

@testable import Containers

/// What the profile's rules say to one call; `nil` is the default. No rule of the profile takes back another's permission.
private func verdict(
  _ name: String, _ first: UInt64 = 0, capabilities: Set<String> = [], machine: DefaultSeccompProfile.Machine = .x86
) -> LinuxSyscall? {
  DefaultSeccompProfile.profile(capabilities: capabilities, machine: machine).syscalls.first { rule in
    rule.names.contains(name)
      && rule.args.allSatisfy { argument in
        switch argument.op {
        case .equal: first == argument.value
        case .lessThan: first < argument.value
        case .greaterThan: first > argument.value
        case .maskedEqual: first & argument.value == argument.valueTwo ?? 0
        default: false
        }
      }
  }
}

@Suite("Docker's default filter of system calls")
struct DefaultSeccompProfileTests {
  private static let dockers: Set<String> = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
    "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
  ]

  @Test(arguments: [
    "read", "execve", "openat2", "ptrace", "statx", "mseal", "futex_waitv", "landlock_create_ruleset", "chroot",
    "arch_prctl", "memfd_secret", "close_range",
  ])
  func allowed(name: String) { #expect(verdict(name, capabilities: Self.dockers)?.action == .allow) }

  @Test(arguments: [
    "keyctl", "add_key", "request_key", "unshare", "setns", "mount", "umount2", "pivot_root", "bpf", "io_uring_setup",
    "userfaultfd", "kexec_load", "init_module", "reboot", "swapon", "open_by_handle_at", "perf_event_open",
    "move_pages",
    "settimeofday", "quotactl", "nfsservctl", "sync_file_range2", "acct", "no_such_call",
  ])
  func deniedByDefault(name: String) { #expect(verdict(name, capabilities: Self.dockers) == nil) }

  @Test(
    arguments: [
      ("personality", 0, true), ("personality", 8, true), ("personality", 0x20000, true),
      ("personality", 0x20008, true),
      ("personality", 0xffff_ffff, true), ("personality", 0x40000, false), ("socket", 2, true), ("socket", 37, true),
      ("socket", 38, false), ("socket", 39, true), ("socket", 40, false), ("socket", 41, true), ("clone", 17, true),
      ("clone", 0x3d0f00, true), ("clone", 0x1000_0000, false), ("clone", 0x2_0011, false),
      ("clone", 0x200_0000, false),
    ] as [(String, UInt64, Bool)])
  func conditions(name: String, first: UInt64, allowed: Bool) {
    #expect((verdict(name, first)?.action == .allow) == allowed)
  }

  @Test(arguments: [
    ("CAP_SYS_ADMIN", "mount"), ("CAP_SYS_ADMIN", "unshare"), ("CAP_SYS_BOOT", "reboot"), ("CAP_SYS_CHROOT", "chroot"),
    ("CAP_SYS_MODULE", "init_module"), ("CAP_SYS_PACCT", "acct"), ("CAP_SYS_PTRACE", "kcmp"), ("CAP_SYS_RAWIO", "iopl"),
    ("CAP_SYS_TIME", "stime"), ("CAP_SYS_TTY_CONFIG", "vhangup"), ("CAP_SYS_NICE", "mbind"), ("CAP_SYSLOG", "syslog"),
    ("CAP_BPF", "bpf"), ("CAP_PERFMON", "perf_event_open"), ("CAP_DAC_READ_SEARCH", "open_by_handle_at"),
  ])
  func aCapabilityAllowsWhatItIsFor(capability: String, call: String) {
    #expect(verdict(call) == nil)
    #expect(verdict(call, capabilities: [capability])?.action == .allow)
  }

  @Test func clone3IsMissingWithoutTheCapabilityForNamespaces() {
    #expect(verdict("clone3")?.action == .errno)
    #expect(verdict("clone3")?.errnoRet == 38)
    #expect(verdict("clone3", capabilities: ["CAP_SYS_ADMIN"])?.action == .allow)
    #expect(verdict("clone", 0x1000_0000, capabilities: ["CAP_SYS_ADMIN"])?.action == .allow)
  }

  @Test func machinesDiffer() {
    #expect(verdict("set_tls", machine: .arm)?.action == .allow)
    #expect(verdict("arch_prctl", machine: .arm) == nil)
    let arm = DefaultSeccompProfile.profile(capabilities: [], machine: .arm)
    #expect(arm.architectures == [.aarch64, .arm])
    #expect(arm.defaultAction == .errno && arm.defaultErrnoRet == 1)
  }
}
