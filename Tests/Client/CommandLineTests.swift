import ArgumentParser
import EngineAPI
import Testing

@testable import Client

@Suite struct CommandLineTests {
  private func request(_ arguments: String...) throws -> ContainerCreateRequest {
    let normalized = try FlagForms.normalize(["run"] + arguments).dropFirst()
    let run = try #require(try RunCommand.parseAsRoot(Array(normalized)) as? RunCommand)
    return try ContainerCreation(
      run.process, run.container, run.resources, run.network, run.words, command: "run", detaches: run.detachment.detach
    ).request
  }

  @Test func optionsAfterTheImageAreTheContainers() throws {
    let request = try request("--rm", "-it", "busybox", "sh", "-c", "exit 7", "--rm", "-d")
    #expect(request.config.image == "busybox")
    #expect(request.config.command == ["sh", "-c", "exit 7", "--rm", "-d"])
    #expect(request.config.tty)
    #expect(request.config.openStdin)
    #expect(request.config.stdinOnce)
    #expect(request.config.attachStdin)
    #expect(request.hostConfig?.autoRemove == true)
  }

  @Test func shortFlagsCombine() throws {
    let request = try request("-itd", "-p8080:80", "-eA=b", "-v/a:/b:ro", "-m", "64m", "busybox")
    #expect(!request.config.attachStdout)
    #expect(request.config.environment == ["A=b"])
    #expect(request.hostConfig?.binds == ["/a:/b:ro"])
    #expect(request.hostConfig?.resources.memory == 64 << 20)
    #expect(request.hostConfig?.portBindings?["80/tcp"] == [PortBinding(hostPort: "8080")])
    #expect(request.config.exposedPorts?["80/tcp"] != nil)
  }

  @Test func devicesOfDrivers() throws {
    let both = try request("--device", "vendor.com/class=name", "--device", "/dev/null", "--gpus", "all", "busybox")
    let resources = try #require(both.hostConfig?.resources)
    #expect(resources.devices?.map(\.pathOnHost) == ["/dev/null"])
    #expect(resources.deviceRequests?.map(\.driver) == ["", "cdi"])
    #expect(resources.deviceRequests?.map(\.count) == [-1, 0])
    #expect(resources.deviceRequests?[0].capabilities == [["gpu"]])
    #expect(resources.deviceRequests?[1].deviceIDs == ["vendor.com/class=name"])
    let some = try request("--gpus", "\"device=0,1\",driver=x,capabilities=compute", "busybox")
    let asked = some.hostConfig?.resources.deviceRequests?.first
    #expect(asked?.deviceIDs == ["0", "1"] && asked?.driver == "x" && asked?.count == 0)
    #expect(asked?.capabilities == [["compute", "gpu"]])
    for text in ["some", "what=ever", "\"device=0"] {
      #expect(throws: ClientError.self) { try request("--gpus", text, "busybox") }
    }
  }

  @Test func limitsOfBlockDevices() throws {
    let asked = try request(
      "--device-read-bps", "/dev/x:1mb", "--device-write-iops=/dev/y:7", "--blkio-weight-device", "/dev/z:10", "busybox"
    )
    let resources = try #require(asked.hostConfig?.resources)
    #expect(resources.blkioDeviceReadBps?.map(\.rate) == [1 << 20])
    #expect(resources.blkioDeviceWriteIOps?.map(\.path) == ["/dev/y"])
    #expect(resources.blkioWeightDevice?.map(\.weight) == [10])
    for wrong in ["/dev/x", "x:1", "/dev/x:", "/dev/x:1:2", "/dev/x:fast"] {
      #expect(throws: ClientError.self) { try request("--device-read-bps", wrong, "busybox") }
      #expect(throws: ClientError.self) { try request("--device-read-iops", wrong, "busybox") }
      #expect(throws: ClientError.self) { try request("--blkio-weight-device", wrong, "busybox") }
    }
  }

  @Test func healthChecks() throws {
    let asked = try request(
      "--health-cmd", "test -e /x", "--health-interval", "1m30s", "--health-timeout=500ms", "--health-retries", "5",
      "--health-start-period=1h", "--health-start-interval=2s", "busybox"
    ).config.healthcheck
    #expect(asked?.test == ["CMD-SHELL", "test -e /x"])
    #expect(asked?.interval == 90_000_000_000 && asked?.timeout == 500_000_000 && asked?.retries == 5)
    #expect(asked?.startPeriod == 3_600_000_000_000 && asked?.startInterval == 2_000_000_000)
    #expect(try request("--no-healthcheck", "busybox").config.healthcheck?.test == ["NONE"])
    #expect(try request("busybox").config.healthcheck == nil)
    #expect(throws: ClientError.self) { try request("--no-healthcheck", "--health-retries", "1", "busybox") }
    #expect(throws: ClientError.self) { try request("--health-timeout", "soon", "busybox") }
    #expect(throws: ClientError.self) { try request("--health-interval=-1s", "busybox") }
  }

  @Test func valuesMayBeginWithADash() throws {
    let request = try request(
      "--pids-limit", "-1", "--memory-swap", "-1", "--env", "-x=y", "--entrypoint", "", "busybox")
    #expect(request.hostConfig?.resources.pidsLimit == -1)
    #expect(request.hostConfig?.resources.memorySwap == -1)
    #expect(request.config.environment == ["-x=y"])
    #expect(request.config.entrypoint == [""])
  }

  @Test func portsOfOneContainerPortAddUp() throws {
    let request = try request("-p", "80:80", "-p", "127.0.0.1:81:80", "busybox")
    #expect(
      request.hostConfig?.portBindings?["80/tcp"]
        == [PortBinding(hostPort: "80"), PortBinding(hostIP: "127.0.0.1", hostPort: "81")])
  }

  @Test(arguments: [
    ["--restart", "always", "--rm", "x"], ["-m", "1x", "x"], ["--cpus", "x", "x"], ["--pull", "often", "x"],
    ["--detach-keys", "ctrl-1", "x"], ["--colour", "x"], ["-a", "stdfoo", "x"], ["-d", "-a", "stdin", "x"], [],
  ])
  func otherCommandLinesAreRefused(_ arguments: [String]) {
    #expect(throws: (any Error).self) {
      let words = try FlagForms.normalize(["run"] + arguments).dropFirst()
      let run = try #require(try RunCommand.parseAsRoot(Array(words)) as? RunCommand)
      _ = try run.detachment.keys()
      _ = try ContainerCreation(
        run.process, run.container, run.resources, run.network, run.words, command: "run",
        detaches: run.detachment.detach)
    }
  }

  @Test(
    arguments: [
      ("Error response from daemon: exec: \"x\": executable file not found in $PATH", 127),
      ("Error response from daemon: exec: \"/x\": stat /x: no such file or directory", 127),
      ("Error response from daemon: exec: \"/etc\": permission denied", 126),
      ("Error response from daemon: something else", 125), ("invalid argument", 125),
    ] as [(String, Int32)])
  func exitCodesAreDockers(_ message: String, _ code: Int32) {
    #expect(ContainerRun.exitCode(for: ClientError.failed(message)) == code)
  }

  @Test(arguments: [
    ("busybox", "busybox:latest"), ("a:1", "a:1"), ("h:5000/a", "h:5000/a:latest"), ("a@sha256:0", "a@sha256:0"),
  ])
  func untaggedImagesAreTheLatest(_ name: String, _ tagged: String) {
    #expect(RemoteName(name).text == tagged)
  }

  @Test(arguments: [
    ("busybox", "docker.io", "docker.io/library/busybox:latest"), ("a/b:1", "docker.io", "docker.io/a/b:1"),
    ("localhost/a", "localhost", "localhost/a:latest"), ("h:5000/a/b", "h:5000", "h:5000/a/b:latest"),
    ("index.docker.io/a", "docker.io", "docker.io/library/a:latest"), ("q.io/a@sha256:0", "q.io", "q.io/a@sha256:0"),
    ("docker.io/a/b", "docker.io", "docker.io/a/b:latest"),
  ])
  func namesHaveARegistry(_ name: String, _ registry: String, _ canonical: String) {
    #expect(RemoteName(name).registry == registry)
    #expect(RemoteName(name).canonical == canonical)
  }

  @Test func loginsAreFoundByTheirRegistry() throws {
    let text = #"{"auths":{"h:5000":{"auth":"YTpi"},"https://index.docker.io/v1/":{"auth":"Yzpk"},"x.io":{}}}"#
    let logins = try StoredLogins(jsonText: Array(text.utf8))
    #expect(logins.header(for: "h:5000") == "eyJhdXRoIjoiWVRwaSIsInNlcnZlcmFkZHJlc3MiOiJoOjUwMDAifQ==")
    #expect(logins.header(for: "docker.io") != nil)
    #expect(logins.header(for: "x.io") == nil)
    #expect(logins.header(for: "h") == nil)
  }

  @Test func commandsThatAreNotThereAreNamed() {
    struct Root: ParsableCommand {
      static let configuration = CommandConfiguration(commandName: "proa", subcommands: ClientCommands.all)
    }
    for command in ["run", "help", "--version", nil] {
      #expect(throws: Never.self) { try ClientCommands.check(command: command, of: Root.self) }
    }
    #expect(throws: ClientError.self) { try ClientCommands.check(command: "frobnicate", of: Root.self) }
  }

  @Test func theAddressIsTheOptionsThenTheEnvironments() throws {
    let environment = ["PROA_HOST": "unix:///p", "DOCKER_HOST": "unix:///d"]
    #expect(try DaemonAddress(option: "unix:///o", environment: { environment[$0] }).path == "/o")
    #expect(try DaemonAddress(option: nil, environment: { environment[$0] }).path == "/p")
    #expect(try DaemonAddress(option: nil, environment: { $0 == "DOCKER_HOST" ? "unix:///d" : nil }).path == "/d")
    #expect(try DaemonAddress(option: nil, environment: { _ in nil }).path == "/run/proa/proa.sock")
    #expect(throws: ClientError.self) { try DaemonAddress("tcp://x:1") }
  }
}
