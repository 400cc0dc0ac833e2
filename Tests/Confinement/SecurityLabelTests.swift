import Testing

@testable import Confinement

@Suite struct SecurityLabelTests {
  private static let label = "system_u:system_r:svirt_lxc_net_t:s0:c124,c675"
  private static let both = SecurityLabels.Kernel(hasAppArmor: true, hasSELinux: true)

  @Test func theProgramAndTheKeysGetThem() throws {
    let labels = try SecurityLabels(apparmorProfile: "acme", selinuxLabel: Self.label, kernel: Self.both)
    #expect(labels.labels.map(\.attribute) == ["apparmor/exec", "exec"])
    #expect(labels.labels.map(\.text) == ["exec acme", Self.label])
    #expect(labels.keyLabel?.attribute == "keycreate" && labels.keyLabel?.text == Self.label)
  }

  @Test(arguments: [nil, ""]) func noneIsNone(text: String?) throws {
    let labels = try SecurityLabels(apparmorProfile: text, selinuxLabel: text, kernel: .init())
    #expect(labels.labels.isEmpty && labels.keyLabel == nil)
    var isMade = false
    try labels.labelingKeys { isMade = true }
    #expect(isMade)
  }

  @Test(
    arguments: [
      ("acme", nil, "process.apparmorProfile: apparmor: config provided but apparmor not supported"),
      (
        nil, Self.label,
        "process.selinuxLabel: selinux label is specified in config, but selinux is disabled or not supported"
      ),
    ] as [(String?, String?, String)])
  func whatTheKernelDoesNotEnforceIsRefused(profile: String?, label: String?, reason: String) {
    #expect {
      try SecurityLabels(apparmorProfile: profile, selinuxLabel: label, kernel: .init())
    } throws: {
      "\($0)" == reason
    }
  }

  @Test(arguments: ["two words", "line\nbreak", String(repeating: "x", count: 4096)])
  func whatIsNoLabelIsRefused(text: String) {
    #expect(throws: ConfinementError.self) {
      try SecurityLabels(apparmorProfile: text, selinuxLabel: nil, kernel: Self.both)
    }
    #expect(throws: ConfinementError.self) {
      try SecurityLabels(apparmorProfile: nil, selinuxLabel: text, kernel: Self.both)
    }
  }
}
