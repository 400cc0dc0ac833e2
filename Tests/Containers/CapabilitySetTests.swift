import Testing

@testable import Containers

@Suite struct CapabilitySetTests {
  private func effective(
    add: [String] = [], drop: [String] = [], privileged: Bool = false, available: [String] = CapabilitySet.all
  ) throws -> [String] {
    var host = HostConfiguration()
    host.capabilitiesAdded = add
    host.capabilitiesDropped = drop
    host.privileged = privileged
    return try CapabilitySet.effective(for: host, available: available)
  }

  @Test func dockersFourteen() throws {
    #expect(try effective().count == 14)
    #expect(try effective() == CapabilitySet.standard)
  }

  @Test func addsAndDrops() throws {
    let result = try effective(add: ["net_admin", "CAP_SYS_TIME"], drop: ["CHOWN"])
    #expect(result == CapabilitySet.standard.filter { $0 != "CAP_CHOWN" } + ["CAP_NET_ADMIN", "CAP_SYS_TIME"])
  }

  @Test func all() throws {
    #expect(try effective(drop: ["ALL"]) == [])
    #expect(try effective(add: ["KILL"], drop: ["all"]) == ["CAP_KILL"])
    #expect(try effective(add: ["ALL"], drop: ["KILL"]) == CapabilitySet.all.filter { $0 != "CAP_KILL" })
    #expect(try effective(privileged: true) == CapabilitySet.all)
  }

  @Test func refusesUnknownNames() {
    #expect(throws: ContainerError.invalid("invalid CapAdd: unknown capability: \"CAP_FLY\"")) {
      try effective(add: ["FLY"])
    }
    #expect(throws: ContainerError.self) { try effective(drop: ["FLY"], privileged: true) }
  }

  @Test func givesNoMoreThanTheDaemonHas() throws {
    let available = CapabilitySet.all.filter { $0 != "CAP_SYS_RESOURCE" && $0 != "CAP_MKNOD" }
    #expect(try effective(privileged: true, available: available) == available)
    #expect(try effective(add: ["ALL"], available: available) == available)
    #expect(try effective(available: available) == CapabilitySet.standard.filter { $0 != "CAP_MKNOD" })
    #expect(
      performing: { try effective(add: ["sys_resource"], available: available) },
      throws: { "\($0)".contains("not available in the current environment: \"CAP_SYS_RESOURCE\"") })
  }

  @Test func onlyRootHasThemToBeginWith() {
    let root = SpecBuilder.capabilities(["CAP_KILL"], uid: 0)
    #expect(root.effective == ["CAP_KILL"] && root.permitted == ["CAP_KILL"] && root.bounding == ["CAP_KILL"])
    let other = SpecBuilder.capabilities(["CAP_KILL"], uid: 5)
    #expect(other.effective == nil && other.permitted == nil && other.bounding == ["CAP_KILL"])
  }
}
