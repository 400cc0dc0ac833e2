import JSON
import LinuxKernel
import Testing

@testable import Containers

@Suite struct NetworkPlaceTests {
  @Test(
    arguments: [
      (.bridge, [], ["bridge"]), (.bridge, ["default"], ["bridge"]),
      (.network("b"), ["c", "a", "b"], ["b", "a", "c"]),
      (.host, ["host"], ["host"]), (.none, [], ["none"]), (.container("x"), [], []),
    ] as [(NetworkMode, [String], [String])])
  func theModesNetworkIsTheFirst(mode: NetworkMode, named: [String], expected: [String]) throws {
    let endpoints = Dictionary(uniqueKeysWithValues: named.map { ($0, EndpointRequest(aliases: [$0])) })
    let places = try ContainerRecord.places(mode, endpoints)
    #expect(places.map(\.network) == expected)
    #expect(named.isEmpty || places.allSatisfy { $0.request.aliases.count == 1 })
  }

  @Test(arguments: [NetworkMode.host, .none, .container("x")])
  func someGoWithNoOthers(mode: NetworkMode) {
    #expect(throws: ContainerError.self) { try ContainerRecord.places(mode, ["a": EndpointRequest()]) }
  }

  @Test func aRunningContainerIsConnectedAndDisconnected() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "one") { $0.host.networkMode = .network("a") }
      try await fixture.service.start("one")
      try await fixture.service.connect("one", to: "b", EndpointRequest(aliases: ["x"]))
      let record = try fixture.service.inspect("one")
      #expect(record.places.map(\.network) == ["a", "b"])
      #expect(record.places.map(\.networkID) == ["id of a", "id of b"])
      #expect(record.places.map(\.endpoint?.address) == ["10.0.0.2", "10.0.0.3"])
      #expect(try await fixture.repository.all().first == record)
      let hosts = try fixture.hosts(id)
      #expect(hosts.contains("10.0.0.2\t\(id.short)\n") && hosts.contains("10.0.0.3\t\(id.short)\n"))
      try await fixture.service.disconnect("one", from: "a")
      #expect(try fixture.service.inspect("one").places.map(\.network) == ["b"])
      #expect(try !fixture.hosts(id).contains("10.0.0.2"))
      #expect(await fixture.resources.endpoints(of: id).map(\.network) == ["b"])
    }
  }

  @Test func whatCannotBeConnectedIsAsBefore() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "one") { $0.host.networkMode = .network("a") }
      try await fixture.service.start("one")
      let before = try fixture.service.inspect("one")
      for (network, request) in [
        ("a", EndpointRequest()), ("host", EndpointRequest()), ("none", EndpointRequest()), ("gone", EndpointRequest()),
        ("b", EndpointRequest(ipv4Address: "10.0.0.255")), ("bridge", EndpointRequest(aliases: ["x"])),
      ] {
        await #expect(throws: ContainerError.self) { try await fixture.service.connect("one", to: network, request) }
      }
      for network in ["b", "gone"] {
        await #expect(throws: ContainerError.self) { try await fixture.service.disconnect("one", from: network) }
      }
      #expect(try fixture.service.inspect("one") == before)
      #expect(await fixture.resources.endpoints(of: id).count == 1)
    }
  }

  @Test func oneThatDoesNotRunIsConnectedByItsStart() async throws {
    try await ServiceFixture.run { fixture in
      let id = try await fixture.create(name: "one")
      try await fixture.service.connect("one", to: "b", EndpointRequest())
      #expect(await fixture.resources.endpoints(of: id).isEmpty)
      try await fixture.service.disconnect("one", from: "bridge")
      try await fixture.service.start("one")
      #expect(await fixture.resources.endpoints(of: id).map(\.network) == ["b"])
    }
  }

  @Test func aNetworkThatIsNotThereIsToldAtTheStart() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "one") { $0.host.networkMode = .network("gone") }
      await #expect(throws: ContainerError.networkNotFound("gone")) { try await fixture.service.start("one") }
      try await fixture.service.disconnect("one", from: "gone")
      try await fixture.service.start("one")
    }
  }

  /// Of before there were several.
  @Test func anOldRecordHasTheModesNetwork() async throws {
    let record = try await ServiceFixture.record(state: .created(nil))
    var details = try JSONReader.read(record.details)
    if case .object(let object) = details {
      details = .object(JSONObject(object.members.filter { $0.name != "places" }))
    }
    let old = try ContainerRecord(
      id: record.id, name: record.name, createdAt: record.createdAt, imageID: record.imageID,
      details: JSONWriter.string(details))
    #expect(old.places == [NetworkPlace("bridge")])
  }
}

extension ServiceFixture {
  fileprivate func hosts(_ id: ContainerID) throws -> String {
    String(decoding: try AtomicFile.read(paths.hosts(id), limit: 1 << 16), as: UTF8.self)
  }
}
