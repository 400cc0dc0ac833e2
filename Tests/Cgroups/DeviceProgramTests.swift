import Testing

@testable import Cgroups

/// Runs the program as the kernel would. Only the operations that the assembler uses exist; any other is a failure.
private struct Machine {
  var registers = [UInt64](repeating: 0, count: 11)
  let context: [UInt32]

  mutating func run(_ program: [UInt64]) throws -> UInt64 {
    var counter = 0
    while program.indices.contains(counter) {
      let instruction = program[counter]
      let (to, from) = (Int(instruction >> 8 & 15), Int(instruction >> 12 & 15))
      let offset = Int(Int16(truncatingIfNeeded: instruction >> 16))
      let value = instruction >> 32
      let low = registers[to] & 0xffff_ffff
      counter += 1
      switch UInt8(truncatingIfNeeded: instruction) {
      case 0x61: registers[to] = UInt64(context[offset / 4])
      case 0xb7: registers[to] = value
      case 0xbc: registers[to] = registers[from] & 0xffff_ffff
      case 0x54: registers[to] = low & value
      case 0x74: registers[to] = low >> value
      case 0x56: if low != value { counter += offset }
      case 0x16: if low == value { counter += offset }
      case 0x95: return registers[0]
      default: throw Unknown(instruction: instruction)
      }
    }
    throw Unknown(instruction: 0)
  }

  struct Unknown: Error { var instruction: UInt64 }
}

@Suite("The program that decides about devices on cgroup v2")
struct DeviceProgramTests {
  private static let lists: [[String]] = [
    [], ["allow a rwm"], ["allow c 1:3 rwm"], ["allow c 1:3 r"], ["allow c 1:3 r", "allow b *:3 rw", "allow c *:* m"],
    ["allow a rwm", "deny c 1:3 w"], ["allow a rwm", "deny b *:* rwm", "deny c 4294967295:* r"],
    ["allow c 3000000000:7 rwm"],
  ]

  /// Every kind, number and access that could make a difference, against the meaning of the rules.
  @Test(arguments: lists)
  func agreesWithTheRules(lines: [String]) throws {
    let rules = try deviceRules(lines)
    let program = DeviceProgramAssembler.instructions(for: rules)
    for kind in [DevicePattern.Kind.character, .block] {
      for major in [0, 1, 2, 3_000_000_000, UInt32.max] {
        for minor in [0, 3, 7] as [UInt32] {
          for access in UInt8(1)...7 {
            let number: UInt32 = kind == .block ? 1 : 2
            var machine = Machine(context: [UInt32(access) << 16 | number, major, minor])
            let device = DevicePattern(kind: kind, major: major, minor: minor)
            let allowed = Self.isAllowed(device, DeviceAccess(rawValue: access), rules)
            #expect(try machine.run(program) == (allowed ? 1 : 0), "\(device.text) \(access)")
          }
        }
      }
    }
  }

  /// As the kernel's v1 controller: with everything denied one exception must hold all of the access, with everything
  /// allowed one that holds any of it denies.
  private static func isAllowed(_ device: DevicePattern, _ access: DeviceAccess, _ rules: DeviceRules) -> Bool {
    let matching = rules.exceptions.filter { $0.key.covers(device) }.map(\.value)
    return rules.allowsEverythingElse
      ? !matching.contains { !$0.isDisjoint(with: access) } : matching.contains { $0.isSuperset(of: access) }
  }
}
