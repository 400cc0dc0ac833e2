/// The eBPF program that says what a ``DeviceRules`` says: returns 1 to allow, 0 to deny.
///
/// The kernel passes `struct bpf_cgroup_dev_ctx { u32 access_type /* access << 16 | kind */, major, minor }`.
enum DeviceProgramAssembler {
  static func instructions(for rules: DeviceRules) -> [UInt64] {
    var program: [UInt64] = [
      .load(.kind, from: .context, offset: 0), .and(.kind, 0xffff),
      .load(.access, from: .context, offset: 0), .shiftRight(.access, 16),
      .load(.major, from: .context, offset: 4),
      .load(.minor, from: .context, offset: 8),
    ]
    for (pattern, access) in rules.orderedExceptions {
      program += block(pattern, access, exceptionIsAllowed: !rules.allowsEverythingElse)
    }
    return program + [.move(.result, rules.allowsEverythingElse ? 1 : 0), .exit]
  }

  /// Leaves the program if the exception applies, falls through otherwise.
  private static func block(
    _ pattern: DevicePattern, _ access: DeviceAccess, exceptionIsAllowed: Bool
  ) -> [UInt64] {
    let leave: [UInt64] = [.move(.result, exceptionIsAllowed ? 1 : 0), .exit]
    var tests: [(_ toNext: Int16) -> UInt64] = [
      { .jump(to: $0, unless: .kind, equals: pattern.kind == .block ? 1 : 2) }
    ]
    if let major = pattern.major { tests.append { .jump(to: $0, unless: .major, equals: major) } }
    if let minor = pattern.minor { tests.append { .jump(to: $0, unless: .minor, equals: minor) } }
    if access != .everything {
      tests.append { _ in .copy(.scratch, from: .access) }
      if exceptionIsAllowed {
        // Every access that is asked for has to be allowed.
        tests.append { _ in .and(.scratch, ~UInt32(access.rawValue)) }
        tests.append { .jump(to: $0, unless: .scratch, equals: 0) }
      } else {
        // One denied access is enough.
        tests.append { _ in .and(.scratch, UInt32(access.rawValue)) }
        tests.append { .jump(to: $0, if: .scratch, equals: 0) }
      }
    }
    // A jump counts from the instruction after it.
    let body = tests.enumerated().map { index, test in test(Int16(tests.count - index - 1 + leave.count)) }
    return body + leave
  }
}

/// The registers of the program.
private enum Register: UInt64 {
  case result = 0
  case context = 1
  case kind = 2
  case access = 3
  case major = 4
  case minor = 5
  case scratch = 6
}

/// `struct bpf_insn`: operation, destination, source, offset, immediate. Comparisons and arithmetic have 32 bits (the
/// classes `BPF_JMP32` and `BPF_ALU`), so that a device number above 2^31 is not sign-extended.
extension UInt64 {
  private init(operation: UInt8, _ destination: Register, _ source: UInt64 = 0, offset: Int16 = 0, _ value: UInt32 = 0)
  {
    self =
      UInt64(operation) | destination.rawValue << 8 | source << 12 | UInt64(UInt16(bitPattern: offset)) << 16
      | UInt64(value) << 32
  }

  fileprivate static func load(_ to: Register, from: Register, offset: Int16) -> UInt64 {
    UInt64(operation: 0x61, to, from.rawValue, offset: offset)
  }

  fileprivate static func move(_ to: Register, _ value: UInt32) -> UInt64 { UInt64(operation: 0xb7, to, 0, value) }

  fileprivate static func copy(_ to: Register, from: Register) -> UInt64 { UInt64(operation: 0xbc, to, from.rawValue) }

  fileprivate static func and(_ to: Register, _ value: UInt32) -> UInt64 { UInt64(operation: 0x54, to, 0, value) }

  fileprivate static func shiftRight(_ to: Register, _ count: UInt32) -> UInt64 {
    UInt64(operation: 0x74, to, 0, count)
  }

  fileprivate static func jump(to offset: Int16, unless left: Register, equals value: UInt32) -> UInt64 {
    UInt64(operation: 0x56, left, offset: offset, value)
  }

  fileprivate static func jump(to offset: Int16, if left: Register, equals value: UInt32) -> UInt64 {
    UInt64(operation: 0x16, left, offset: offset, value)
  }

  fileprivate static var exit: UInt64 { UInt64(operation: 0x95, .result) }
}
