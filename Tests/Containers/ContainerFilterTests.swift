import Testing

@testable import Containers

@Suite struct ContainerFilterTests {
  private func record() async throws -> ContainerRecord {
    var record = try await ServiceFixture.record(
      name: "web_1",
      state: .exited(.init(status: 7, startedAt: nil, finishedAt: Timestamp(nanoseconds: 5))))
    record.createdAt = Timestamp(nanoseconds: 100)
    record.configuration.labels = ["app": "shop", "empty": ""]
    record.configuration.exposedPorts = ["80/tcp"]
    record.host.portBindings = [PortBinding(containerPort: 443, hostPort: 8443)]
    record.host.binds = ["/h:/c"]
    return record
  }

  static let matching: [@Sendable (inout ContainerFilter) -> Void] = [
    { _ in }, { $0.names = ["web"] }, { $0.names = ["^/web_1$"] }, { $0.names = ["^web_[0-9]$", "x"] },
    { $0.statuses = [.exited] }, { $0.labels = ["app"] }, { $0.labels = ["app=shop", "empty="] },
    { $0.exited = [0, 7] },
    { $0.networks = ["bridge"] }, { $0.published = ["443"] }, { $0.exposed = ["80/tcp"] }, { $0.volumes = ["/c"] },
    { $0.healths = ["none", "healthy"] },
  ]

  static let other: [@Sendable (inout ContainerFilter) -> Void] = [
    { $0.ids = ["zzz"] }, { $0.names = ["^b"] }, { $0.statuses = [.running, .created] }, { $0.labels = ["app", "no"] },
    { $0.labels = ["app=sho"] }, { $0.exited = [0] }, { $0.networks = ["host"] }, { $0.published = ["80"] },
    { $0.exposed = ["80/udp"] }, { $0.volumes = ["/d"] }, { $0.healths = ["healthy"] },
  ]

  @Test(arguments: matching.indices)
  func matches(index: Int) async throws {
    var filter = ContainerFilter()
    Self.matching[index](&filter)
    #expect(try ContainerMatcher(filter).matches(try await record()))
  }

  @Test(arguments: other.indices)
  func doesNotMatch(index: Int) async throws {
    var filter = ContainerFilter()
    Self.other[index](&filter)
    #expect(try !ContainerMatcher(filter).matches(try await record()))
  }

  @Test func order() async throws {
    let record = try await record()
    var later = record
    later.createdAt = Timestamp(nanoseconds: 200)
    #expect(try ContainerMatcher(ContainerFilter(), before: later).matches(record))
    #expect(try !ContainerMatcher(ContainerFilter(), before: record).matches(later))
    #expect(try ContainerMatcher(ContainerFilter(), since: record).matches(later))
    #expect(try !ContainerMatcher(ContainerFilter(), since: record).matches(record))
  }

  @Test func refusesMalformedExpressions() {
    var filter = ContainerFilter()
    filter.names = ["("]
    #expect(throws: ContainerError.self) { try ContainerMatcher(filter) }
  }

  @Test func lists() async throws {
    try await ServiceFixture.run { fixture in
      let first = try await fixture.create(name: "first")
      let second = try await fixture.create(name: "second")
      try await fixture.service.start("first")
      var request = ContainerListRequest()
      #expect(try await fixture.service.list(request).map(\.record.id) == [first])
      request.limit = 1
      #expect(try await fixture.service.list(request).map(\.record.id) == [second])
      request.limit = nil
      request.all = true
      #expect(try await fixture.service.list(request).map(\.record.id) == [second, first])
      request.filter.ancestors = ["other"]
      #expect(try await fixture.service.list(request).isEmpty)
      try await fixture.service.kill("first")
    }
  }

  @Test func recordsSurviveTheDatabase() async throws {
    let record = try await record()
    let copy = try ContainerRecord(
      id: record.id, name: record.name, createdAt: record.createdAt, imageID: record.imageID, details: record.details)
    #expect(copy == record)
  }
}
