import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Snapshots
import Testing

struct MountPointTests {
  private let folder: TemporaryFolder
  private var target: String { "\(folder.path)/rootfs" }

  init() throws {
    folder = try TemporaryFolder()
    try Directory.make("\(folder.path)/rootfs")
  }

  private func make(_ driver: Driver) throws -> any Snapshotter {
    try driver.make(in: folder.path, mountPoints: MountPoints(folders: ["etc", "proc"], files: ["etc/hosts"]))
  }

  private func mounted(_ driver: any Snapshotter, on chainID: Digest?, _ body: () throws -> Void) throws {
    try driver.mountContainer("container", on: chainID, at: target)
    let result = Result { try body() }
    try driver.unmountContainer("container", at: target)
    try result.get()
  }

  @Test(arguments: [Driver.overlay, .vfs]) func theyAreInEveryContainerAndNotItsOwn(driver: Driver) throws {
    let snapshotter = try make(driver)
    try mounted(snapshotter, on: nil) { () throws in
      #expect(try Directory.names(target).sorted() == ["etc", "proc"])
      #expect(try AtomicFile.read("\(target)/etc/hosts").isEmpty)
      #expect(try FileStatus.of("\(target)/etc/hosts")?.permissions == 0o644)
      #expect(try FileStatus.of("\(target)/proc")?.permissions == 0o755)
    }
    let nothing = "\(folder.path)/nothing"
    try Directory.make(nothing)
    let changes = try snapshotter.containerChanges(
      "container", to: try FileDescriptor.open(nothing, [.readOnly, .directory]), ignoring: ["/etc/hosts", "/proc"])
    #expect(changes == [])
  }

  @Test(arguments: Driver.allCases) func theyAreSeenBeforeTheFirstMount(driver: Driver) throws {
    let disk = try driver.makeDisk(in: folder.path)
    defer { withExtendedLifetime(disk) {} }
    let snapshotter = try make(driver)
    try snapshotter.viewContainer("container", on: nil, at: target)
    let (names, files) = (try Directory.names(target), try Directory.names("\(target)/etc"))
    try snapshotter.unmountContainer("container", at: target)
    #expect(names.sorted() == ["etc", "proc"] && files == ["hosts"])
    try snapshotter.viewNewContainer(on: nil, at: target)
    try snapshotter.unmountContainer("container", at: target)
    try snapshotter.removeContainer("container")
    #expect(try snapshotter.containers() == [])
  }

  @Test(arguments: [Driver.overlay, .vfs]) func theImageGoesFirst(driver: Driver) throws {
    let driver = try make(driver)
    let draft = try driver.prepareLayer(ImageArchive.digest([1]), parent: nil)
    try Directory.make("\(draft.directory)/etc", mode: 0o700)
    try AtomicFile.write(Array("127.0.0.1 me".utf8), to: "\(draft.directory)/etc/hosts")
    try AtomicFile.write([], to: "\(draft.directory)/proc")
    try driver.commitLayer(draft)
    try mounted(driver, on: ImageArchive.digest([1])) { () throws in
      #expect(try AtomicFile.read("\(target)/etc/hosts") == Array("127.0.0.1 me".utf8))
      #expect(try FileStatus.of("\(target)/etc")?.permissions == 0o700)
      #expect(try FileStatus.of("\(target)/proc")?.kind == .regular)
    }
  }

  @Test(arguments: [Driver.overlay, .vfs]) func aLinkLeadsNobodyOut(driver: Driver) throws {
    try Directory.make("\(folder.path)/outside")
    let driver = try make(driver)
    let draft = try driver.prepareLayer(ImageArchive.digest([1]), parent: nil)
    let root = try FileDescriptor.open(draft.directory, [.readOnly, .directory])
    try root.makeSymbolicLink(at: "etc", to: "\(folder.path)/outside")
    try driver.commitLayer(draft)
    try mounted(driver, on: ImageArchive.digest([1])) { () throws in
      #expect(try FileStatus.of("\(target)/etc")?.kind == .symbolicLink)
    }
    #expect(try Directory.names("\(folder.path)/outside") == [])
  }
}
