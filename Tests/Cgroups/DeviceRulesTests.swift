import OCIRuntimeSpec
import Testing

@testable import Cgroups

/// `deny c 1:3 rwm` and the like; `*` for all.
func deviceRules(_ lines: [String], addingDefaults: Bool = false) throws -> DeviceRules {
  try DeviceRules(
    lines.map { line in
      let words = line.split(separator: " ")
      var rule = LinuxDeviceCgroup()
      rule.allow = words[0] == "allow"
      rule.type = String(words[1])
      if words.count == 4 {
        let numbers = words[2].split(separator: ":").map { Int64($0) }
        (rule.major, rule.minor) = (numbers[0], numbers[1])
      }
      rule.access = String(words[words.count - 1])
      return rule
    }, addingDefaults: addingDefaults)
}

@Suite("What a list of device rules comes to")
struct DeviceRulesTests {
  @Test(arguments: [
    ([], "deny"),
    (["deny a rwm"], "deny"),
    (["allow a rwm"], "allow"),
    (["deny a rwm", "allow c 1:3 r", "allow c 1:3 w"], "deny, c 1:3 rw"),
    (["allow c 1:3 rwm", "deny c 1:3 w"], "deny, c 1:3 rm"),
    (["allow c 1:3 rwm", "deny c 1:* rwm"], "deny"),
    (["allow c 1:3 rwm", "deny b 1:3 rwm"], "deny, c 1:3 rwm"),
    (["allow c 1:3 rwm", "deny a rwm"], "deny"),
    (["allow a rwm", "deny c 10:* rwm", "deny b *:* w"], "allow, c 10:* rwm, b *:* w"),
    (["allow a rwm", "deny c 10:5 rwm", "allow c *:* m"], "allow, c 10:5 rw"),
  ])
  func outcomes(lines: [String], expected: String) throws {
    let rules = try deviceRules(lines)
    let parts =
      [rules.allowsEverythingElse ? "allow" : "deny"]
      + rules.orderedExceptions.map { "\($0.pattern.text) \($0.access.letters)" }
    #expect(parts.joined(separator: ", ") == expected)
  }

  @Test func defaultsAreRuncs() throws {
    let rules = try deviceRules([], addingDefaults: true)
    #expect(
      rules.orderedExceptions.map { "\($0.pattern.text) \($0.access.letters)" } == [
        "c *:* m", "b *:* m", "c 136:* rwm", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm",
        "c 5:0 rwm", "c 5:2 rwm",
      ])
  }

  @Test(arguments: [
    (["allow c 1:* rwm", "deny c 1:3 rwm"], "linux.resources.devices[1]"),
    (["allow c *:* m", "deny c 1:3 m"], "linux.resources.devices[1]"),
    (["allow c 1:3 x"], "linux.resources.devices[0].access"),
    (["allow q 1:3 r"], "linux.resources.devices[0].type"),
    (["allow c -2:3 r"], "linux.resources.devices[0].major"),
    (["allow a r"], "linux.resources.devices[0].type"),
  ])
  func refusals(lines: [String], path: String) {
    let error = #expect(throws: CgroupError.self) { try deviceRules(lines) }
    #expect(error?.path == path)
  }
}
