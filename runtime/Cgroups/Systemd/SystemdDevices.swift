internal import DBus
internal import LinuxKernel

/// ``DeviceRules`` as systemd has them, so that what it puts into force when it reloads its units is no less.
enum SystemdDevices {
  static func properties(for rules: DeviceRules) throws(CgroupError) -> [SystemdProperty] {
    // systemd has no way to deny some: its own rules then leave everything to the group's.
    if rules.allowsEverythingElse { return [.text("DevicePolicy", "auto"), list([])] }
    var entries: [DBusValue] = []
    for (pattern, access) in rules.orderedExceptions {
      guard let device = try name(of: pattern) else { continue }
      entries.append(.structure([.string(device), .string(access.letters)]))
    }
    // The empty list takes back what was there.
    return [.text("DevicePolicy", "strict"), list([]), list(entries)]
  }

  private static func list(_ entries: [DBusValue]) -> SystemdProperty {
    SystemdProperty("DeviceAllow", .array(of: "(ss)", entries))
  }

  /// `nil` for what systemd cannot say.
  static func name(of pattern: DevicePattern) throws(CgroupError) -> String? {
    let kind = pattern.kind == .block ? "block" : "char"
    switch (pattern.major, pattern.minor) {
    case (nil, nil): return "\(kind)-*"
    case (nil, _?): return nil
    // Every container has the terminals: the name is not looked for.
    case (136?, nil) where pattern.kind == .character: return "char-pts"
    case (let major?, nil): return try group(major, pattern.kind).map { "\(kind)-\($0)" }
    case (let major?, let minor?): return "/dev/\(kind)/\(major):\(minor)"
    }
  }

  /// What `/proc/devices` calls a major number.
  private static func group(_ major: UInt32, _ kind: DevicePattern.Kind) throws(CgroupError) -> String? {
    let text = try blaming { () throws(SyscallError) in try CgroupFile.text(of: "/proc/devices") }
    var isOfKind = false
    for line in text.fields("\n") {
      let words = line.fields(" ")
      if words.last == "devices:" { isOfKind = words.first == (kind == .block ? "Block" : "Character") }
      if isOfKind, words.count == 2, words[0] == "\(major)" { return String(words[1]) }
    }
    return nil
  }
}
