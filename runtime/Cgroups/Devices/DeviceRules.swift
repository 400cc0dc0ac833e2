internal import OCIRuntimeSpec

/// What a list of rules comes to: everything is allowed, or denied, with exceptions. v1 keeps it like this in the kernel;
/// for v2 it becomes a program.
struct DeviceRules: Equatable {
  static let controller = "devices"
  /// In the configuration.
  static let path = "linux.resources.devices"

  private(set) var allowsEverythingElse = false
  /// Denied if everything else is allowed, and the other way round.
  private(set) var exceptions: [DevicePattern: DeviceAccess] = [:]
  /// Their patterns in the order in which they came.
  private var patterns: [DevicePattern] = []

  init() {}

  /// The effect of `rules` in their order, on a group where nothing is allowed.
  /// - Parameter addingDefaults: whether runc's default devices are allowed afterwards.
  init(_ rules: [LinuxDeviceCgroup], addingDefaults: Bool) throws(CgroupError) {
    for (index, rule) in rules.enumerated() {
      let path = "linux.resources.devices[\(index)]"
      try apply(try DeviceRule(rule, at: path), at: path)
    }
    guard addingDefaults else { return }
    for rule in DeviceRule.defaults { try apply(rule, at: "linux.resources.devices") }
  }

  private mutating func apply(_ rule: DeviceRule, at path: String) throws(CgroupError) {
    guard let pattern = rule.pattern else {
      allowsEverythingElse = rule.allow
      exceptions = [:]
      patterns = []
      return
    }
    if rule.allow != allowsEverythingElse {
      if exceptions[pattern] == nil { patterns.append(pattern) }
      exceptions[pattern, default: []].formUnion(rule.access)
    } else {
      try removeExceptions(pattern, rule.access, at: path)
    }
  }

  /// What a rule takes back that says the same as the default.
  private mutating func removeExceptions(
    _ pattern: DevicePattern, _ access: DeviceAccess, at path: String
  ) throws(CgroupError) {
    for (exception, given) in exceptions where !given.isDisjoint(with: access) && pattern.overlaps(exception) {
      guard pattern.covers(exception) else {
        throw CgroupError(
          .unsupported("takes back a part of the earlier rule for \(exception.text), which the kernel cannot express"),
          path: path)
      }
      let rest = given.subtracting(access)
      exceptions[exception] = rest.isEmpty ? nil : rest
    }
    patterns.removeAll { exceptions[$0] == nil }
  }

  /// The exceptions in the order of the configuration, in which the kernel lists them too.
  var orderedExceptions: [(pattern: DevicePattern, access: DeviceAccess)] {
    patterns.compactMap { pattern in exceptions[pattern].map { (pattern, $0) } }
  }
}

/// One rule of a configuration, checked.
struct DeviceRule {
  var allow: Bool
  /// `nil` for all devices of both kinds.
  var pattern: DevicePattern?
  var access: DeviceAccess

  init(allow: Bool, pattern: DevicePattern?, access: DeviceAccess) {
    self.allow = allow
    self.pattern = pattern
    self.access = access
  }

  init(_ rule: LinuxDeviceCgroup, at path: String) throws(CgroupError) {
    guard let access = DeviceAccess(letters: rule.access ?? "") else {
      throw CgroupError(.invalid("\"\(rule.access ?? "")\" is not some of the letters rwm"), path: "\(path).access")
    }
    allow = rule.allow
    self.access = access
    let major = try Self.number(rule.major, "\(path).major")
    let minor = try Self.number(rule.minor, "\(path).minor")
    switch rule.type ?? "a" {
    case "", "a":
      // The kernel lets such a rule count for everything; what it would not do must not look as if it were done.
      guard major == nil, minor == nil, access == .everything else {
        throw CgroupError(.invalid("a rule for all kinds is for all devices and rwm"), path: "\(path).type")
      }
    case "c": pattern = DevicePattern(kind: .character, major: major, minor: minor)
    case "b": pattern = DevicePattern(kind: .block, major: major, minor: minor)
    default: throw CgroupError(.invalid("\"\(rule.type ?? "")\" is none of a, b and c"), path: "\(path).type")
    }
  }

  private static func number(_ number: Int64?, _ path: String) throws(CgroupError) -> UInt32? {
    guard let number, number != -1 else { return nil }
    guard let exact = UInt32(exactly: number) else {
      throw CgroupError(.invalid("\(number) is no device number"), path: path)
    }
    return exact
  }

  /// Nodes may be made of anything; null, zero, full, random, urandom, tty, pseudo-terminals and ptmx may be used.
  static let defaults: [DeviceRule] =
    [
      DeviceRule(allow: true, pattern: DevicePattern(kind: .character), access: .makeNode),
      DeviceRule(allow: true, pattern: DevicePattern(kind: .block), access: .makeNode),
      DeviceRule(allow: true, pattern: DevicePattern(kind: .character, major: 136), access: .everything),
    ]
    + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2)].map {
      DeviceRule(
        allow: true, pattern: DevicePattern(kind: .character, major: $0.0, minor: $0.1), access: .everything)
    }
}
