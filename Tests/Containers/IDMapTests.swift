import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

@testable import Containers

/// Mounts whose files are shown under other ids: what is asked for, and what a runtime is told.
@Suite struct IDMapTests {
  private static let ids = "uids=1000-0-1#5000-1-10;gids=1000-33-1"

  @Test func readsPodmansForm() throws {
    let ids = try IDMap(option: Self.ids)
    #expect(ids.users == [.init(stored: 1000, shown: 0, count: 1), .init(stored: 5000, shown: 1, count: 10)])
    #expect(ids.groups == [.init(stored: 1000, shown: 33, count: 1)])
    #expect(ids.users.mapText == "1000 0 1\n5000 1 10\n")
  }

  /// No container has a user namespace, whose ids would be others.
  @Test func theContainersIDsAreTheHosts() throws {
    #expect(try IDMap(option: "uids=@1000-0-1") == IDMap(option: "uids=1000-0-1"))
  }

  @Test func whatIsNotNamedStays() throws {
    #expect(try IDMap(option: "uids=1000-0-1").groups.mapText == "0 0 4294967295\n")
    #expect(try IDMap(option: "gids=4294967294-0-1").users == [.identity])
  }

  @Test(arguments: [(0, 1000), (1, 5000), (10, 5009), (11, nil), (1000, nil)] as [(UInt32, UInt32?)])
  func theWayBack(shown: UInt32, stored: UInt32?) throws {
    #expect(try IDMap(option: Self.ids).users.stored(shown) == stored)
    #expect([IDMap.Entry.identity].stored(shown) == shown)
  }

  @Test(arguments: [
    ("", "\"\" is neither"), ("uids", "\"uids\" is neither"), ("users=1-2-3", "\"users=1-2-3\" is neither"),
    ("uids=1-2-3;uids=4-5-6", "\"uids=4-5-6\" is neither"), ("uids=1-2-3;", "\"\" is neither"),
    ("uids=", "\"\" is no STORED-SHOWN-COUNT"), ("uids=1-2", "\"1-2\" is no"), ("uids=1-2-3-4", "\"1-2-3-4\" is no"),
    ("uids=1-2-0", "\"1-2-0\" is no"), ("uids=1--1", "is no"), ("gids=a-2-3", "is no"), ("gids=+1-2-3", "is no"),
    ("gids=4294967295-0-1", "is no"), ("gids=0-4294967290-6", "is no"), ("gids=0-4294967296-1", "is no"),
    ("uids=1-2-3#", "\"\" is no"), ("uids=0-0-10#9-20-1", "an id is in two entries"),
    ("uids=0-0-10#20-9-1", "an id is in two entries"),
  ])
  func refuses(text: String, reason: String) {
    #expect(
      performing: { try IDMap(option: text) },
      throws: { "\($0)".hasPrefix("invalid idmap \(text.debugDescription): ") && "\($0)".contains(reason) })
  }

  @Test(arguments: [(340, 0, true), (341, 0, false), (300, 4_000_000_000, false)] as [(UInt32, UInt32, Bool)])
  func noMoreThanTheKernelTakes(count: UInt32, first: UInt32, isTaken: Bool) {
    let text = (0..<count).map { "\(first + $0)-\(first + $0)-1" }.joined(separator: "#")
    #expect(((try? IDMap(option: "uids=\(text)")) != nil) == isTaken)
  }

  @Test func optionsOfABind() throws {
    let mount = try MountRequest(bind: "/h:/c:idmap=\(Self.ids),ro")
    #expect(mount.idMap == Self.ids && mount.readOnly)
    #expect(try MountRequest(bind: "data:/c:idmap=\(Self.ids)").idMap == Self.ids)
  }

  @Test(arguments: [
    ("idmap", "invalid mode: ro,idmap: without ids"), ("idmap=", "invalid mode: ro,idmap=: without ids"),
    ("idmap=uids=1", "invalid idmap \"uids=1\""),
    ("idmap=uids=1-2-3,idmap=gids=1-2-3", "invalid mode: "), ("IDMAP=uids=1-2-3", "invalid mode: "),
  ])
  func refusesOptionsOfABind(option: String, message: String) {
    #expect(
      performing: { try MountRequest(bind: "/h:/c:ro,\(option)") }, throws: { "\($0)".contains(message) })
  }

  @Test func aTmpfsHasNone() {
    var mount = MountRequest()
    (mount.kind, mount.target, mount.idMap) = (.tmpfs, "/t", Self.ids)
    #expect(
      throws: ContainerError.invalid(
        "invalid mount config for type \"tmpfs\": field IDMap must not be specified")
    ) { try mount.validate() }
  }

  @Test func oldKernelsHaveNone() throws {
    var machine = ServiceFixture.machine
    machine.locksTrees = false
    var host = HostConfiguration()
    host.binds = ["/h:/c:idmap=\(Self.ids)"]
    #expect(throws: ContainerError.invalid("id-mapped mounts need Linux 5.12 or later")) {
      try host.validate(on: machine)
    }
  }

  @Test(arguments: [("rbind", "ridmap"), ("bind", "idmap")]) func aRuntimeIsTold(kind: String, option: String) throws {
    var host = HostConfiguration()
    host.binds = ["/h:/c:\(kind),idmap=\(Self.ids)"]
    let mount = try #require(try SpecMounts(host: host, files: []).all().first { $0.destination == "/c" })
    #expect(mount.options == [kind, "rw", "rprivate", option])
    #expect(
      mount.uidMappings == [
        LinuxIDMapping(containerID: 1000, hostID: 0, size: 1), LinuxIDMapping(containerID: 5000, hostID: 1, size: 10),
      ])
    #expect(mount.gidMappings == [LinuxIDMapping(containerID: 1000, hostID: 33, size: 1)])
  }

  @Test func volumesHaveThemAndOthersGetThem() throws {
    var host = HostConfiguration()
    host.binds = ["data:/c:idmap=\(Self.ids)"]
    let volumes = try host.volumes(at: [])
    let mounts = try SpecMounts(host: host, files: [], volumes: volumes).all()
    #expect(mounts.first { $0.destination == "/c" }?.options.contains("ridmap") == true)
    var inherited = InheritedMounts()
    for volume in volumes { inherited.add(volume) }
    #expect(inherited.volumes.map(\.idMap) == [Self.ids])
  }

  @Test func recordsKeepThem() throws {
    let mount = try MountRequest(bind: "data:/c:idmap=\(Self.ids)")
    #expect(try MountRequest(jsonText: JSONWriter.bytes(mount)) == mount)
    let volume = ContainerVolume(mount)
    #expect(try ContainerVolume(jsonText: JSONWriter.bytes(volume)) == volume && volume.idMap == Self.ids)
  }

  @Test(
    arguments: [
      (true, ["idmap", "ridmap"], true), (true, ["idmap"], false), (false, ["idmap", "ridmap"], false),
      (true, [], false),
    ] as [(Bool, [String], Bool)])
  func aRuntimeHasToKnowThem(isEnabled: Bool, options: [String], isFine: Bool) throws {
    let known = options.map(\.debugDescription).joined(separator: ",")
    let answer =
      #"{"ociVersionMin":"1.0.0","ociVersionMax":"1.3.0","mountOptions":[\#(known)],"#
      + #""linux":{"mountExtensions":{"idmap":{"enabled":\#(isEnabled)}}}}"#
    try withProgram("printf '%s' '\(answer)'") { path in
      let features = try RuntimeFeatures(of: ("other", path))
      let mount = try MountRequest(bind: "/h:/c:idmap=\(Self.ids)")
      if isFine { return try features.requireIDMaps(of: [mount]) }
      #expect(
        throws: ContainerError.failed(
          "the runtime \"other\" cannot map the ids of /c: it does not know \"ridmap\"")
      ) { try features.requireIDMaps(of: [mount]) }
    }
  }

  @Test(arguments: [
    ("exit 3", "the runtime \"other\" does not tell its features: the command ended with status 3"),
    ("echo nothing", "the features of the runtime \"other\" cannot be read: "),
    ("exec cat /dev/zero", "cannot ask the runtime \"other\" for its features: "),
  ])
  func aRuntimeThatDoesNotTellIsNamed(script: String, message: String) throws {
    try withProgram(script) { path in
      #expect(
        performing: { try RuntimeFeatures(of: ("other", path)) }, throws: { "\($0)".hasPrefix(message) })
    }
  }

  private func withProgram(_ script: String, _ body: (String) throws -> Void) throws {
    let path = "/tmp/proa-runtime-of-tests-\(UInt64.random(in: .min ... .max))"
    try AtomicFile.write(Array("#!/bin/sh\n\(script)\n".utf8), to: path, mode: 0o755)
    defer { #expect(throws: Never.self) { try Directory.removeTree(path) } }
    try body(path)
  }

  @Test func aStartWithAnotherRuntimeFails() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "it") { $0.host.binds = ["/tmp:/c:idmap=\(Self.ids)"] }
      await #expect(
        performing: { try await fixture.service.start("it") },
        throws: { "\($0)".contains("the features of the runtime \"r\" cannot be read") })
      #expect(fixture.resources.isEmpty)
    }
  }
}
