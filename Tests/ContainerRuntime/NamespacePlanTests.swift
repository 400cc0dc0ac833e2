import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import ContainerRuntime

@Suite struct NamespacePlanTests {
  private func linux(_ namespaces: LinuxNamespace...) -> Linux {
    var linux = Linux()
    linux.namespaces = namespaces
    return linux
  }

  @Test func newOnesAreCloned() throws {
    let plan = try NamespacePlan(linux(.init(.mount), .init(.pid), .init(.cgroup)))
    #expect(plan.all == [.mount, .pid, .cgroup])
    #expect(plan.cloned == [.mount, .pid])
    #expect(!plan.needsGoBetween)
  }

  @Test func joiningAPIDNamespaceNeedsAGoBetween() throws {
    let plan = try NamespacePlan(linux(.init(.mount), .init(.pid, path: "/proc/self/ns/pid")))
    #expect(plan.joins(.pid))
    #expect(plan.needsGoBetween)
    #expect(!(try NamespacePlan(linux(.init(.mount), .init(.network, path: "/proc/self/ns/net"))).needsGoBetween))
  }

  @Test func aPIDNamespaceIsJoinedLateUnlessANewUserNamespaceForbidsIt() throws {
    let pids = LinuxNamespace(.pid, path: "/proc/self/ns/pid")
    #expect(try NamespacePlan(linux(.init(.mount), pids)).joinsPIDsLate)
    #expect(try NamespacePlan(linux(.init(.mount), pids)).shownPIDs != nil)
    var mapped = linux(.init(.mount), .init(.user), pids)
    mapped.uidMappings = [.init(containerID: 0, hostID: 100_000, size: 65536)]
    mapped.gidMappings = mapped.uidMappings
    #expect(!(try NamespacePlan(mapped).joinsPIDsLate))
    #expect(try NamespacePlan(mapped).shownPIDs == nil)
    #expect(!(try NamespacePlan(linux(.init(.mount), .init(.pid))).joinsPIDsLate))
  }

  @Test func refusals() {
    func reason(_ linux: Linux) -> String {
      do { _ = try NamespacePlan(linux) } catch { return "\(error)" }
      return ""
    }
    #expect(reason(linux(.init(.user))) == "linux.namespaces: a mount namespace is required with a user namespace")
    #expect(reason(linux(.init(.mount), .init(.mount))) == "linux.namespaces[1]: mount is given twice")
    var offset = linux(.init(.mount))
    offset.timeOffsets = ["monotonic": LinuxTimeOffset()]
    #expect(reason(offset) == "linux.timeOffsets: need a new time namespace")
    offset.timeOffsets = ["realtime": LinuxTimeOffset()]
    #expect(reason(offset).hasPrefix("linux.timeOffsets.realtime: "))
    #expect(reason(linux(.init(.mount), .init(.uts, path: "/proc/self/ns/net"))).hasPrefix("linux.namespaces[1].path"))
    #expect(reason(linux(.init(.mount), .init(.uts, path: "/etc/passwd"))).hasPrefix("linux.namespaces[1].path"))
    #expect(reason(linux(.init(.mount), .init(.user))).hasPrefix("linux.uidMappings"))
  }

  @Test(arguments: [
    (LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536), true),
    (LinuxIDMapping(containerID: 0, hostID: .max - 1, size: 1), true),
    (LinuxIDMapping(containerID: 0, hostID: .max, size: 1), false),
    (LinuxIDMapping(containerID: .max, hostID: 0, size: 2), false),
    (LinuxIDMapping(containerID: 0, hostID: 0, size: 0), false),
  ])
  func rangesOfIDsExist(mapping: LinuxIDMapping, isAccepted: Bool) {
    var linux = linux(.init(.mount), .init(.user))
    (linux.uidMappings, linux.gidMappings) = ([mapping], [.init(containerID: 0, hostID: 0, size: 1)])
    #expect(((try? NamespacePlan(linux)) != nil) == isAccepted)
  }
}
