import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Snapshots
import Testing

struct MountPointTests {
  private let folder: TemporaryFolder
  private let driver: OverlaySnapshotter
  private var target: String { "\(folder.path)/rootfs" }

  init() throws {
    folder = try TemporaryFolder()
    try Directory.make("\(folder.path)/rootfs")
    driver = try OverlaySnapshotter(
      root: "\(folder.path)/snapshots", mountPoints: MountPoints(folders: ["etc", "proc"], files: ["etc/hosts"]))
  }

  private func mounted(on chainID: Digest?, _ body: () throws -> Void) throws {
    try driver.mountContainer("container", on: chainID, at: target)
    let result = Result { try body() }
    try driver.unmountContainer("container", at: target)
    try result.get()
  }

  @Test func theyAreInEveryContainerAndNotItsOwn() throws {
    try mounted(on: nil) { () throws in
      #expect(try Directory.names(target).sorted() == ["etc", "proc"])
      #expect(try AtomicFile.read("\(target)/etc/hosts").isEmpty)
      #expect(try FileStatus.of("\(target)/etc/hosts")?.permissions == 0o644)
      #expect(try FileStatus.of("\(target)/proc")?.permissions == 0o755)
    }
    #expect(try Directory.names("\(folder.path)/snapshots/containers/container/upper") == [])
  }

  @Test func theImageGoesFirst() throws {
    let draft = try driver.prepareLayer(ImageArchive.digest([1]), parent: nil)
    try Directory.make("\(draft.directory)/etc", mode: 0o700)
    try AtomicFile.write(Array("127.0.0.1 me".utf8), to: "\(draft.directory)/etc/hosts")
    try AtomicFile.write([], to: "\(draft.directory)/proc")
    try driver.commitLayer(draft)
    try mounted(on: ImageArchive.digest([1])) { () throws in
      #expect(try AtomicFile.read("\(target)/etc/hosts") == Array("127.0.0.1 me".utf8))
      #expect(try FileStatus.of("\(target)/etc")?.permissions == 0o700)
      #expect(try FileStatus.of("\(target)/proc")?.kind == .regular)
    }
  }
}
