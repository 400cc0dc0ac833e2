import EngineAPI
import Testing

@testable import Client

@Suite struct SyntaxTests {
  @Test(
    arguments: [
      ("1s", 1_000_000_000), ("1m30s", 90_000_000_000), ("300ms", 300_000_000), ("1.5h", 5_400_000_000_000), ("0", 0),
      ("-1s", -1_000_000_000),
    ] as [(String, Int64)])
  func durations(_ text: String, _ nanoseconds: Int64) {
    #expect(GoDuration(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    ("2013-01-02T13:23:37Z", "1357133017.000000000"), ("2013-01-02T13:23:37.5+02:00", "1357125817.500000000"),
    ("2013-01-02T13:23:37.000000001-00:30", "1357134817.000000001"), ("1357133017", "1357133017"), ("0", "0"),
    ("2013-01-02T25:00:00Z", "2013-01-02T25:00:00Z"), ("soon", "soon"), ("2013-01-02T13:23Zx", "2013-01-02T13:23Zx"),
  ])
  func moments(_ text: String, _ sent: String) {
    #expect(Moment.parse(text) == sent)
  }

  @Test func aLengthOfTimeCountsBackFromNow() throws {
    let ago = try #require(Moment.parse("1h").flatMap { Double($0) })
    let now = try #require(Moment.parse("0s").flatMap { Double($0) })
    #expect(abs(now - ago - 3600) < 60)
  }

  @Test(arguments: ["", "1", "s", "1x", "1s2", "2013-01-02"])
  func otherDurationsAreRefused(_ text: String) {
    #expect(GoDuration(text) == nil)
  }

  @Test(arguments: [
    ("80", ["80/tcp ::"]), ("8080:80", ["80/tcp :8080"]), ("127.0.0.1:8080:80/udp", ["80/udp 127.0.0.1:8080"]),
    ("127.0.0.1::80", ["80/tcp 127.0.0.1:"]), ("[::1]:81:80", ["80/tcp ::1:81"]),
    ("80-81:90-91", ["90/tcp :80", "91/tcp :81"]),
    ("8000-8010:80", ["80/tcp :8000-8010"]), ("53:53/UDP", ["53/udp :53"]),
  ])
  func publishedPorts(_ text: String, _ expected: [String]) throws {
    let ports = try PublishedPorts(text).ports.map { "\($0.container) \($0.binding.hostIP):\($0.binding.hostPort)" }
    #expect(ports == expected.map { $0 == "80/tcp ::" ? "80/tcp :" : $0 })
  }

  @Test(arguments: ["", ":", "80:", "x:80", "80:x", "80/icmp", "80:90-91", "90-89:90-89", "70000:80", "1:2:3:x"])
  func otherPortsAreRefused(_ text: String) {
    #expect(throws: ClientError.self) { try PublishedPorts(text) }
  }

  @Test func environmentFiles() throws {
    let text = "# comment\n\nA=b=c\n  B=x y\nHOME\nUNSET\r\nC=\n"
    let variables = try EnvironmentFile.parse(text, path: "f", inherited: { $0 == "HOME" ? "/root" : nil })
    #expect(variables == ["A=b=c", "B=x y", "HOME=/root", "C="])
    #expect(throws: ClientError.self) { try EnvironmentFile.parse("=x", path: "f") }
    #expect(throws: ClientError.self) { try EnvironmentFile.parse("a b=x", path: "f") }
  }

  @Test func mounts() throws {
    let bind = try MountSyntax.parse("type=bind,source=/a,target=/b,readonly,bind-propagation=rshared")
    #expect(bind.type == .bind)
    #expect((bind.source, bind.target) == ("/a", "/b"))
    #expect(bind.readOnly)
    #expect(bind.bindOptions?.propagation == "rshared")
    let tmpfs = try MountSyntax.parse("type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770")
    #expect(tmpfs.tmpfsOptions?.sizeBytes == 1 << 20)
    #expect(tmpfs.tmpfsOptions?.mode == 0o1770)
    #expect(try MountSyntax.parse("src=v,dst=/v").type == .volume)
    let mapped = try MountSyntax.parse("type=bind,src=/a,dst=/b,idmap=uids=1000-0-1#7-8-9;gids=1-2-3,ro")
    #expect(mapped.idMap == "uids=1000-0-1#7-8-9;gids=1-2-3" && mapped.readOnly)
    let image = try MountSyntax.parse("type=image,source=debian,target=/d,image-subpath=etc")
    #expect((image.type, image.source) == (.image, "debian") && image.imageOptions?.subpath == "etc")
  }

  @Test(arguments: [
    "type=bind,target=/b", "type=bind,source=/a", "type=bind,colour=red,target=/b", "target", "target=/b,ro=maybe",
    "src=v,dst=/v,idmap", "src=v,dst=/v,idmap=",
    "type=bind,source=/a,target=/b,image-subpath=c", "type=image,source=a,target=/b,volume-nocopy",
    "type=image,source=a,target=/b,image-subpath",
  ])
  func otherMountsAreRefused(_ text: String) {
    #expect(throws: ClientError.self) { try MountSyntax.parse(text) }
  }

  @Test func ulimitsDevicesAndRestartPolicies() throws {
    let ulimit = try Ulimit(commandLine: "nofile=10:20")
    #expect((ulimit.name, ulimit.soft, ulimit.hard) == ("nofile", 10, 20))
    #expect(try Ulimit(commandLine: "core=-1").hard == -1)
    #expect(throws: ClientError.self) { try Ulimit(commandLine: "nofile=30:20") }
    #expect(throws: ClientError.self) { try Ulimit(commandLine: "nofile") }
    let device = try DeviceMapping(commandLine: "/dev/a:/dev/b:rw")
    #expect((device.pathOnHost, device.pathInContainer, device.cgroupPermissions) == ("/dev/a", "/dev/b", "rw"))
    #expect(try DeviceMapping(commandLine: "/dev/a:r").pathInContainer == "/dev/a")
    #expect(throws: ClientError.self) { try DeviceMapping(commandLine: "/dev/a:/dev/b:q") }
    #expect(try RestartPolicy(commandLine: "on-failure:3").maximumRetryCount == 3)
    #expect(throws: ClientError.self) { try RestartPolicy(commandLine: "always:3") }
    #expect(throws: ClientError.self) { try RestartPolicy(commandLine: "sometimes") }
    #expect(Processors.nano("0.5") == 500_000_000)
    #expect(Processors.nano("-1") == nil)
  }

  @Test func filters() throws {
    #expect(try FilterArgument.json([]) == nil)
    #expect(
      try FilterArgument.json(["label=a=b", "status=exited", "status=created"])
        == #"{"label":{"a=b":true},"status":{"created":true,"exited":true}}"#)
    #expect(throws: ClientError.self) { try FilterArgument.json(["label"]) }
  }

  @Test(arguments: [
    (["-H", "unix:///a", "ps", "-a"], ["ps", "-H", "unix:///a", "-a"]),
    (["-Hunix:///a", "ps"], ["ps", "-Hunix:///a"]),
    (["--host=unix:///a", "run", "x", "-H"], ["run", "--host=unix:///a", "x", "-H"]), (["ps"], ["ps"]), ([], []),
    (["-H", "unix:///a"], ["-H", "unix:///a"]), (["--help"], ["--help"]),
  ])
  func theHostMayStandBeforeTheCommand(_ arguments: [String], _ expected: [String]) throws {
    #expect(try ClientCommands.hostAfterCommand(arguments) == expected)
  }

  @Test(arguments: [
    (["container", "ls", "-a"], ["ps", "-a"]), (["container", "run", "x"], ["run", "x"]),
    (["container", "inspect", "x"], ["inspect", "--type=container", "x"]), (["image", "ls"], ["images"]),
    (["image", "rm", "x"], ["rmi", "x"]), (["system", "events"], ["events"]),
    (["container", "prune", "-f"], ["container prune", "-f"]), (["system", "df"], ["system df"]),
    (["-H", "u", "system", "info"], ["info", "-H", "u"]),
    (["run", "container", "ls"], ["run", "container", "ls"]),
  ])
  func groupsAreOtherNames(_ arguments: [String], _ expected: [String]) throws {
    #expect(try ClientCommands.hostAfterCommand(arguments) == expected)
  }

  @Test func groupsNameTheirCommands() {
    let error = #expect(throws: ClientError.self) { try ClientCommands.hostAfterCommand(["container", "fly"]) }
    #expect(error?.description.hasPrefix("proa: unknown command: proa container fly\n") == true)
    let usage = #expect(throws: ClientError.self) { try ClientCommands.hostAfterCommand(["image"]) }
    #expect(
      usage?.description.contains(
        "Commands: history, import, inspect, list, load, ls, prune, pull, push, remove, rm, save, tag")
        == true)
  }
}
