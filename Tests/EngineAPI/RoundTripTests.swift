import EngineAPI
import JSON
import Testing

@Suite struct RoundTripTests {
  /// Reads and writes again, and compares without regard to the order of members.
  private func roundTrip<Value: JSONConvertible>(_ type: Value.Type, _ text: String) throws -> (Value, Bool) {
    // The bodies are wrapped at their spaces.
    let text = text.replacing("\n", with: " ")
    let value = try Value(jsonText: Array(text.utf8))
    let again = try JSONReader.read(JSONWriter.string(value))
    return (value, try again.sorted() == JSONReader.read(text).sorted())
  }

  @Test func createRequest() throws {
    let (request, isSame) = try roundTrip(ContainerCreateRequest.self, CapturedBodies.create)
    #expect(isSame)
    #expect(request.unknown.isEmpty)
    #expect(request.hostConfig?.unknown.isEmpty == true)
    #expect(request.config.command == ["echo", "hi"])
    #expect(request.config.exposedPorts?.keys.sorted() == ["80/tcp"])
    #expect(request.hostConfig?.resources.memory == 64 << 20)
    #expect(request.hostConfig?.resources.nanoCPUs == 500_000_000)
    #expect(request.hostConfig?.resources.memorySwappiness == -1)
    #expect(request.hostConfig?.binds == ["/tmp:/x:ro"])
    #expect(request.hostConfig?.portBindings?["80/tcp"] == [PortBinding(hostPort: "8080")])
    #expect(request.hostConfig?.resources.ulimits?.first?.hard == 20)
  }

  @Test func execCreate() throws {
    let (config, isSame) = try roundTrip(ExecConfig.self, CapturedBodies.execCreate)
    #expect(config.command == ["echo", "x"])
    #expect(config.unknown.isEmpty)
    // `Detach` is written only when set.
    #expect(isSame || !config.detach)
  }

  @Test func execCreateByDockerPy() throws {
    let config = try ExecConfig(jsonText: Array(#"{"Cmd":["cat"],"detachKeys":"ctrl-x"}"#.utf8))
    #expect(config.detachKeys == "ctrl-x" && config.unknown.isEmpty)
  }

  @Test func execInspect() throws {
    let (exec, isSame) = try roundTrip(ExecInspectResponse.self, CapturedBodies.execInspect)
    #expect(isSame)
    #expect(exec.exitCode == 0)
    #expect(exec.processConfig.arguments == ["x"])
  }

  @Test func waitResponse() throws {
    let (wait, isSame) = try roundTrip(ContainerWaitResponse.self, CapturedBodies.wait)
    // That `null` was written by 20.10 only.
    #expect(!isSame && wait.unknown.isEmpty)
    #expect(wait.statusCode == 7)
    #expect(JSONWriter.string(wait) == #"{"StatusCode":7}"#)
  }

  @Test func inspect() throws {
    let (container, _) = try roundTrip(ContainerInspectResponse.self, CapturedBodies.inspect)
    #expect(container.unknown.isEmpty)
    #expect(container.state.status == .exited)
    #expect(container.state.exitCode == 7)
    #expect(container.hostConfig.unknown.isEmpty)
    #expect(container.config.unknown.isEmpty)
    #expect(container.networkSettings.networks?["none"] != nil)
  }

  @Test func summaries() throws {
    let (list, _) = try roundTrip([ContainerSummary].self, CapturedBodies.summaries)
    #expect(list.first?.names == ["/a1"])
    #expect(list.first?.unknown.isEmpty == true)
    #expect(list.first?.networkSettings?.networks?["none"]?.unknown.isEmpty == true)
  }

  @Test func version() throws {
    let (version, isSame) = try roundTrip(SystemVersion.self, CapturedBodies.version)
    #expect(isSame)
    #expect(version.components.first?.details?["Arch"] == "amd64")
  }

  @Test func info() throws {
    let (info, _) = try roundTrip(SystemInfo.self, CapturedBodies.info)
    #expect(info.host.processors == 2)
    // What newer versions do not have any more.
    #expect(info.unknown.members.map(\.name) == ["BridgeNfIptables", "BridgeNfIp6tables"])
  }

  @Test func whatIsNotKnownIsKept() throws {
    let text = #"{"Image":"x","Novelty":{"a":[1]},"HostConfig":{"Fancy":true}}"#
    let request = try ContainerCreateRequest(jsonText: Array(text.utf8))
    #expect(request.unknown.members.map(\.name) == ["Novelty"])
    #expect(request.hostConfig?.unknown.members.map(\.name) == ["Fancy"])
    let again = JSONWriter.string(request)
    #expect(again.contains(#""Novelty":{"a":[1]}"#))
    #expect(again.contains(#""Fancy":true"#))
  }

  @Test(arguments: [#"{"Cmd":"ls"}"#, #"{"Cmd":["ls"]}"#])
  func commandsMayBeSingleStrings(_ text: String) throws {
    #expect(try ContainerConfig(jsonText: Array(text.utf8)).command == ["ls"])
  }

  @Test func exposedButNotPublishedIsNull() throws {
    let settings = try NetworkSettings(jsonText: Array(#"{"Ports":{"80/tcp":null,"81/tcp":[]}}"#.utf8))
    #expect(settings.ports["80/tcp"]?.bindings == nil)
    #expect(settings.ports["81/tcp"]?.bindings?.isEmpty == true)
    #expect(JSONWriter.string(settings).contains(#""Ports":{"80/tcp":null,"81/tcp":[]}"#))
  }

  @Test func wrongTypesAreNamed() {
    #expect { try ContainerCreateRequest(jsonText: Array(#"{"HostConfig":{"Memory":"64m"}}"#.utf8)) } throws: {
      ($0 as? JSONError)?.path == "HostConfig.Memory"
    }
  }
}

extension JSONValue {
  fileprivate func sorted() -> JSONValue {
    switch self {
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.name, $0.value.sorted()) }.sorted { $0.0 < $1.0 }))
    case .array(let elements): .array(elements.map { $0.sorted() })
    default: self
    }
  }
}
