internal import LinuxKernel

extension Cgroup {
  /// Puts `rules` into force, without a moment in which the group may do more than before or after.
  func apply(_ rules: DeviceRules) throws(CgroupError) {
    try blaming(DeviceRules.path) { () throws(SyscallError) in
      if let folder = folder(controlling: DeviceRules.controller) {
        try DeviceFiles(folder: folder.path).apply(rules)
      } else if let unified {
        let program = try DeviceProgram(loading: DeviceProgramAssembler.instructions(for: rules))
        try program.replaceAll(in: try FileDescriptor.open(unified.path, [.readOnly, .directory]))
      }
    }
  }
}

/// v1's `devices.list`, `devices.allow` and `devices.deny`.
struct DeviceFiles {
  let folder: String

  /// Writes the difference between what is and what should be: the kernel does not reset a group that has children.
  func apply(_ rules: DeviceRules) throws(SyscallError) {
    let (allowing, present) = try current()
    if allowing != rules.allowsEverythingElse {
      try write(["a"], allow: rules.allowsEverythingElse)
    }
    let wanted = rules.orderedExceptions.map { "\($0.pattern.text) \($0.access.letters)" }
    let stale = allowing == rules.allowsEverythingElse ? present.subtracting(wanted) : []
    try write(stale.sorted(), allow: rules.allowsEverythingElse)
    try write(wanted, allow: !rules.allowsEverythingElse)
  }

  /// The kernel shows only what is allowed: a group that allows everything shows `a *:* rwm`, whatever its exceptions.
  private func current() throws(SyscallError) -> (allowing: Bool, exceptions: Set<String>) {
    let lines = try CgroupFile.text(of: "\(folder)/devices.list").fields("\n").map(String.init)
    return lines.contains { $0.hasPrefix("a ") } ? (true, []) : (false, Set(lines))
  }

  private func write(_ lines: [String], allow: Bool) throws(SyscallError) {
    if !lines.isEmpty { try CgroupFile.write(lines, to: "\(folder)/\(allow ? "devices.allow" : "devices.deny")") }
  }
}
