import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Containers

@Suite struct NamespaceModeTests {
  @Test(
    arguments: [
      ("", .isolated), ("private", .isolated), ("none", IPCMode.none), ("shareable", .shareable), ("host", .host),
      ("container:a", .container("a")),
    ] as [(String, IPCMode)])
  func ipc(text: String, mode: IPCMode) throws {
    #expect(try IPCMode(docker: text) == mode)
    #expect(try IPCMode(json: JSONReader.read(JSONWriter.string(mode))) == mode)
  }

  @Test func recordsOfEarlierDaemonsAreRead() throws {
    #expect(try IPCMode(json: .string("isolated")) == .isolated)
    #expect(try NamespaceMode(json: .string("isolated")) == .isolated)
    #expect(throws: JSONError.self) { try IPCMode(json: .string("what")) }
  }

  @Test(arguments: [NamespaceMode.isolated, .host, .container("a")])
  func modesRoundTrip(mode: NamespaceMode) throws {
    #expect(try NamespaceMode(json: JSONReader.read(JSONWriter.string(mode))) == mode)
    #expect(try NamespaceMode(docker: mode.text, of: "PID", maybeContainers: true) == mode)
  }

  @Test(arguments: [NetworkMode.bridge, .none, .host, .container("a")])
  func networksRoundTrip(mode: NetworkMode) throws {
    #expect(try NetworkMode(json: JSONReader.read(JSONWriter.string(mode))) == mode)
    #expect(try NetworkMode(docker: mode.text) == mode)
  }

  /// Names are those of the container whose interfaces they are, over any number of others.
  @Test func joiningInterfaces() async throws {
    try await ServiceFixture.run { fixture in
      let donor = try await fixture.create(name: "donor") { $0.configuration.hostname = "there" }
      _ = try await fixture.create(name: "second") { $0.host.networkMode = .container("donor") }
      let third = try await fixture.create(name: "third") { $0.host.networkMode = .container("second") }
      await #expect(throws: ContainerError.conflict("cannot join network of a non running container: \(donor)")) {
        try await fixture.service.start("second")
      }
      for name in ["donor", "second", "third"] { try await fixture.service.start(name) }
      let spec = try Spec(jsonText: AtomicFile.read(fixture.paths.bundle(third).configuration))
      #expect(spec.linux?.namespaces.first { $0.type == .network }?.path == "/proc/42/ns/net")
      #expect(spec.linux?.sysctl == [:])
      #expect(spec.hostname == "there")
      try await fixture.service.restart("third")
      let files = try [donor, third].map { try FileStatus.of(fixture.paths.hosts($0))?.inode }
      #expect(files[0] == files[1] && files[0] != nil)
    }
  }

  static let conflicts: [(String, @Sendable (inout CreateRequest) -> Void)] = [
    ("hostname and", { $0.configuration.hostname = "x" }), ("dns and", { $0.host.dns = ["1.2.3.4"] }),
    ("custom host-to-IP", { $0.host.extraHosts = ["a:1.2.3.4"] }),
    ("port publishing", { $0.host.publishAllPorts = true }),
    ("port exposing", { $0.configuration.exposedPorts = ["80/tcp"] }),
    ("mac-address", { $0.endpoints["x"] = EndpointRequest(macAddress: "02:00:00:00:00:01") }),
  ]

  @Test(arguments: conflicts)
  func whatIsNotSaidOfInterfacesOfAnother(conflict: String, change: @Sendable (inout CreateRequest) -> Void) throws {
    var request = CreateRequest()
    change(&request)
    try request.checkNetworkMode()
    request.host.networkMode = .container("x")
    let error = #expect(throws: ContainerError.self) { try request.checkNetworkMode() }
    #expect(error?.description.hasPrefix("conflicting options: \(conflict)") == true)
  }

  @Test func refuses() {
    for text in ["x", "container:", "Container:a"] {
      #expect(throws: ContainerError.invalid("invalid IPC mode: \(text)")) { try IPCMode(docker: text) }
      #expect(throws: ContainerError.invalid("invalid PID mode: \(text)")) {
        try NamespaceMode(docker: text, of: "PID", maybeContainers: true)
      }
    }
    for text in ["container", "container:"] {
      #expect(throws: ContainerError.invalid("invalid network mode: invalid container format container:<name|id>")) {
        try NetworkMode(docker: text)
      }
    }
    #expect(throws: ContainerError.invalid("invalid UTS mode: container:a")) {
      try NamespaceMode(docker: "container:a", of: "UTS")
    }
  }

  /// The fake shims' containers all have the process 42.
  @Test func joiningOthers() async throws {
    try await ServiceFixture.run { fixture in
      let donor = try await fixture.create(name: "donor") { $0.host.ipcMode = .isolated }
      let id = try await fixture.create(name: "it") { $0.host.pidMode = .container("donor") }
      #expect(try fixture.service.inspect("it").host.pidMode == .container(donor.text))
      await #expect(throws: ContainerError.failed("container \(donor) is not running")) {
        try await fixture.service.start("it")
      }
      try await fixture.service.start("donor")
      try await fixture.service.start("it")
      let bundle = fixture.paths.bundle(id)
      let spec = try Spec(jsonText: AtomicFile.read(bundle.configuration))
      #expect(spec.linux?.namespaces.first { $0.type == .pid }?.path == "/proc/42/ns/pid")
      #expect(spec.linux?.namespaces.first { $0.type == .ipc }?.path == nil)
      _ = try await fixture.create(name: "third") { $0.host.ipcMode = .container("donor") }
      await #expect(throws: ContainerError.self) { try await fixture.service.start("third") }
      await #expect(throws: ContainerError.invalid("No such container: nobody")) {
        _ = try await fixture.create { $0.host.pidMode = .container("nobody") }
      }
    }
  }

  @Test(
    arguments: [(.none, nil), (.isolated, "shm"), (.shareable, "/s"), (.container("x"), "/s")] as [(IPCMode, String?)])
  func sharedMemory(mode: IPCMode, source: String?) throws {
    var host = HostConfiguration()
    host.ipcMode = mode
    let mounts = try SpecMounts(host: host, files: [], sharedMemory: mode == .isolated ? nil : "/s").all()
    #expect(mounts.first { $0.destination == "/dev/shm" }?.source == source)
    #expect(mounts.first { $0.destination == "/dev/mqueue" }?.type == "mqueue")
  }
}
