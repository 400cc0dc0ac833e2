import Glibc
import LinuxKernel
import Testing

@testable import Containers

@Suite struct MountedImageTests {
  private static func mount(_ source: String = "other", at target: String = "/x/", subpath: String = "") -> MountRequest
  {
    var mount = MountRequest()
    (mount.kind, mount.source, mount.target, mount.subpath) = (.image, source, target, subpath)
    return mount
  }

  @Test func aContainerKeepsWhatItHasMounted() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "it") { $0.host.mounts = [Self.mount(subpath: "a/b")] }
      let record = try fixture.service.inspect("it")
      let image = try #require(record.mountedImages.first)
      #expect((image.name, image.target, image.subpath) == ("other", "/x", "a/b"))
      #expect((image.imageID, image.chainID) == (OneImage.other.id, OneImage.other.chainID))
      #expect(fixture.service.layers == [OneImage.other.chainID])
      #expect(fixture.service.users(ofImage: OneImage.other.id).map(\.id) == [record.id])
      #expect(fixture.service.containers(ofImage: OneImage.other.id).isEmpty)
      let copy = try ContainerRecord(
        id: record.id, name: record.name, createdAt: record.createdAt, imageID: record.imageID, details: record.details)
      #expect(copy == record)
      try await fixture.service.remove("it")
      #expect(fixture.service.layers.isEmpty && fixture.service.users(ofImage: OneImage.other.id).isEmpty)
    }
  }

  @Test func anUnknownImageLeavesNothing() async throws {
    try await ServiceFixture.run { fixture in
      await #expect(throws: ContainerError.imageNotFound("nosuch")) {
        try await fixture.create(name: "it") { $0.host.mounts = [Self.mount("nosuch")] }
      }
      _ = try await fixture.create(name: "it")
    }
  }

  @Test func othersHaveItToo() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "donor") { $0.host.mounts = [Self.mount(), Self.mount(at: "/y")] }
      _ = try await fixture.create(name: "it") {
        $0.host.volumesFrom = ["donor"]
        $0.host.binds = ["/tmp:/y"]
      }
      #expect(try fixture.service.inspect("it").mountedImages.map(\.target) == ["/x"])
    }
  }

  @Test func noVolumeIsMadeWhereItIs() throws {
    var inherited = InheritedMounts()
    inherited.add(MountedImage(Self.mount(), OneImage.other))
    inherited.add(MountedImage(Self.mount("busybox"), OneImage.image))
    #expect(inherited.images.map(\.name) == ["busybox"])
    #expect(try HostConfiguration().volumes(at: ["/x", "/z"], inherited: inherited).map(\.target) == ["/z"])
  }

  @Test func itIsMountedForReading() async throws {
    try await ServiceFixture.run { fixture in
      _ = try await fixture.create(name: "it") {
        $0.host.mounts = [Self.mount(), Self.mount(at: "/y/z", subpath: "s")]
      }
      let record = try fixture.service.inspect("it")
      let bundle = fixture.paths.bundle(record.id)
      let mounts = try SpecMounts(host: record.host, files: [], images: record.images(in: bundle)).all().suffix(2)
      #expect(mounts.map(\.destination) == ["/x", "/y/z"])
      #expect(mounts.map(\.source) == ["\(bundle.path)/images/0", "\(bundle.path)/images/1"])
      #expect(mounts.map(\.options) == [["rbind", "rro", "rprivate"], ["rbind", "rro", "rprivate"]])
    }
  }

  @Test(arguments: [
    (mount(""), "field Source must not be empty"), (mount(at: ""), "field Target must not be empty"),
    (mount(subpath: "/a"), "subpath must be a relative path within the volume"),
    (mount(subpath: "a/../../b"), "subpath must be a relative path within the volume"),
  ])
  func refuses(mount: MountRequest, reason: String) {
    #expect(throws: ContainerError.invalid("invalid mount config for type \"image\": \(reason)")) {
      try mount.validate()
    }
  }

  /// What an image's maker can put into the way of a part of it.
  @Test(arguments: [
    ("dir", true), ("./dir//", true), ("inside", true), ("absolute", true), ("up", true), ("deep/up", true),
    ("out", false),
    ("out/passwd", false), ("magic", false), ("nosuch", false), ("circle", false), ("dir/file/x", false),
  ])
  func aPartIsOfTheImage(subpath: String, isThere: Bool) throws {
    let root = "/tmp/proa-mounted-image-\(UInt64.random(in: .min ... .max))"
    defer { #expect(throws: Never.self) { try Directory.removeTree(root) } }
    for folder in ["dir", "deep"] { try Directory.make("\(root)/\(folder)", mode: 0o755) }
    try AtomicFile.write(Array("of the image".utf8), to: "\(root)/dir/file", durability: .visible)
    let links = [
      ("inside", "dir"), ("absolute", "/dir"), ("up", "../../../../../dir"), ("deep/up", "../../../dir"),
      ("out", "/etc"),
      ("magic", "/proc/self/root"), ("circle", "circle"),
    ]
    for (name, target) in links { #expect(symlink(target, "\(root)/\(name)") == 0) }
    var image = MountedImage()
    (image.name, image.subpath) = ("other", subpath)
    guard isThere else {
      #expect(
        performing: { _ = try image.openPart(of: root) },
        throws: { "\($0)".hasPrefix("cannot access path \(subpath) of image other: ") })
      return
    }
    let file = try image.openPart(of: root).open(at: "file", .readOnly, resolve: .beneath)
    #expect(String(decoding: try file.readAll(), as: UTF8.self) == "of the image")
  }
}
