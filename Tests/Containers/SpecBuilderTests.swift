import JSON
import OCIRuntimeSpec
import Testing

@testable import Containers

@Suite struct SpecBuilderTests {
  private func spec(
    _ change: (inout ContainerConfiguration, inout HostConfiguration) -> Void = { _, _ in },
    uid: UInt32 = 0
  ) throws -> Spec {
    var configuration = ContainerConfiguration()
    configuration.command = ["true"]
    var host = HostConfiguration()
    change(&configuration, &host)
    var surroundings = SpecBuilder.Surroundings()
    surroundings.hostname = "h"
    surroundings.user.uid = uid
    surroundings.defaultSeccomp = { capabilities in
      var profile = LinuxSeccomp()
      profile.listenerMetadata = capabilities.contains("CAP_SYS_ADMIN") ? "admin" : "plain"
      return profile
    }
    let id = try #require(ContainerID(String(repeating: "a", count: 64)))
    return try SpecBuilder(id: id, configuration: configuration, host: host, surroundings: surroundings).spec()
  }

  @Test func plainContainer() throws {
    let spec = try spec { $1.cgroupMode = .isolated }
    #expect(spec.root?.path == "rootfs")
    #expect(spec.hostname == "h")
    #expect(spec.process?.cwd == "/")
    #expect(spec.process?.args == ["true"])
    #expect(spec.process?.env == [Environment.path, "HOSTNAME=h"])
    #expect(spec.linux?.namespaces.map(\.type) == [.mount, .network, .uts, .pid, .ipc, .cgroup])
    #expect(spec.linux?.cgroupsPath == "/proa/\(String(repeating: "a", count: 64))")
    #expect(spec.linux?.maskedPaths == DefaultPaths.masked)
    #expect(spec.linux?.readonlyPaths == DefaultPaths.readonly)
    #expect(spec.linux?.seccomp?.listenerMetadata == "plain")
    #expect(spec.linux?.resources?.devices.first?.allow == false)
    #expect(spec.linux?.sysctl["net.ipv4.ip_unprivileged_port_start"] == "0")
    #expect(spec.mounts.first { $0.destination == "/sys" }?.options.contains("ro") == true)
  }

  @Test func privilegedContainer() throws {
    let spec = try spec { $1.privileged = true }
    #expect(spec.linux?.maskedPaths == [])
    #expect(spec.linux?.readonlyPaths == [])
    #expect(spec.linux?.seccomp == nil)
    #expect(spec.process?.capabilities?.effective == CapabilitySet.all)
    #expect(spec.linux?.resources?.devices.map(\.allow) == [true])
    #expect(spec.mounts.first { $0.destination == "/sys" }?.options.contains("rw") == true)
  }

  @Test func hostNamespaces() throws {
    let spec = try spec {
      $1.networkMode = .host
      $1.pidMode = .host
      $1.ipcMode = .host
      $1.utsMode = .host
      $1.cgroupMode = .host
    }
    #expect(spec.linux?.namespaces.map(\.type) == [.mount])
    #expect(spec.hostname == nil)
    #expect(spec.linux?.sysctl == [:])
    #expect(spec.mounts.first { $0.destination == "/dev/shm" }?.type == "bind")
  }

  @Test func terminal() throws {
    let spec = try spec {
      $0.terminal = true
      $1.consoleSize = [24, 80]
    }
    #expect(spec.process?.terminal == true)
    #expect(spec.process?.env.contains("TERM=xterm") == true)
    #expect(spec.process?.consoleSize?.width == 80)
  }

  @Test func securityOptions() throws {
    let spec = try spec { $1.securityOptions = ["seccomp=unconfined", "no-new-privileges", "apparmor=unconfined"] }
    #expect(spec.linux?.seccomp == nil)
    #expect(spec.process?.noNewPrivileges == true)
    let profile = try self.spec { $1.securityOptions = [#"seccomp={"defaultAction":"SCMP_ACT_ALLOW"}"#] }
    #expect(profile.linux?.seccomp?.defaultAction == .allow)
  }

  @Test(arguments: [
    "seccomp={", "label=type:x", "fly", "fly=high", "no-new-privileges=maybe",
  ])
  func refusesSecurityOptions(option: String) {
    #expect(throws: ContainerError.self) { try spec { $1.securityOptions = [option] } }
  }

  @Test func otherUsersHaveNoCapabilitiesToBeginWith() throws {
    #expect(try spec(uid: 5).process?.capabilities?.effective == nil)
  }

  @Test func defaultSeccompKnowsTheCapabilities() throws {
    #expect(try spec { $1.capabilitiesAdded = ["SYS_ADMIN"] }.linux?.seccomp?.listenerMetadata == "admin")
  }

  @Test(arguments: [
    ("c 1:3 rwm", true), ("a *:* m", true), ("b 8:* r", true), ("c 1 rwm", false), ("x 1:3 r", false),
    ("c 1:3 x", false), ("c 1:3", false), ("c a:b r", false),
  ])
  func deviceRules(text: String, isValid: Bool) {
    #expect(((try? DeviceRules.parse(text)) != nil) == isValid)
  }

  @Test func namesOnTheNetwork() throws {
    #expect(HostsFile.line(address: "10.0.0.2", hostname: "web", domainname: "") == "10.0.0.2\tweb\n")
    #expect(
      HostsFile.line(address: "10.0.0.2", hostname: "web", domainname: "x.org") == "10.0.0.2\tweb.x.org web\n")
    #expect(throws: ContainerError.self) { try HostsFile.parse("name") }
    #expect(try HostsFile.content(extra: ["me:host-gateway"], host: "10.0.0.1").hasSuffix("10.0.0.1\tme\n"))
    #expect(try HostsFile.parse("me=fe80::1").address == "fe80::1")
    for bad in ["name:1.2.3.4\n5.6.7.8 evil", ":1.2.3.4", "name:", "name:1.2.3", "name:[::1]", "name:::1::"] {
      #expect(throws: ContainerError.self) { try HostsFile.parse(bad) }
    }
  }

  @Test func resolvers() {
    let host = "# comment\nnameserver 127.0.0.53\nnameserver 10.0.0.1\nsearch a b\noptions ndots:2\n"
    var configuration = HostConfiguration()
    #expect(
      ResolverFile.content(host: host, configuration: configuration, sharesNetwork: false)
        == "nameserver 10.0.0.1\nsearch a b\noptions ndots:2\n")
    #expect(
      ResolverFile.content(host: "nameserver 127.0.0.1\n", configuration: configuration, sharesNetwork: false)
        == "nameserver 8.8.8.8\nnameserver 8.8.4.4\n")
    configuration.dns = ["9.9.9.9"]
    configuration.dnsSearch = ["."]
    #expect(
      ResolverFile.content(host: host, configuration: configuration, sharesNetwork: false)
        == "nameserver 9.9.9.9\noptions ndots:2\n")
    #expect(
      ResolverFile.content(host: host, configuration: configuration, sharesNetwork: false, asksForNames: true)
        == "nameserver 127.0.0.11\noptions ndots:2\n")
    configuration.dnsOptions = ["timeout:1"]
    #expect(
      ResolverFile.content(host: host, configuration: configuration, sharesNetwork: false, asksForNames: true)
        == "nameserver 127.0.0.11\noptions timeout:1 ndots:0\n")
    #expect(ResolverFile.servers(host: host, configuration: configuration) == ["9.9.9.9"])
    configuration.dns = []
    #expect(ResolverFile.servers(host: host, configuration: configuration) == ["127.0.0.53", "10.0.0.1"])
  }
}
