import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Testing

@testable import Snapshots

struct StorageDriverTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ wanted: StorageDriver?, at root: String) throws -> any Snapshotter {
    try StorageDriver.open(wanted, at: root, mountPoints: MountPoints())
  }

  @Test func overlayIsTheFirst() throws {
    #expect(try open(nil, at: folder.path).name == "overlay2")
    #expect(try !Directory.names(folder.path).contains("probe"))
  }

  @Test func onOverlayfsThereIsVfs() throws {
    for name in ["lower", "upper", "work", "merged"] { try Directory.make("\(folder.path)/\(name)") }
    let merged = "\(folder.path)/merged"
    try OverlayMount(lower: ["\(folder.path)/lower"], writable: ("\(folder.path)/upper", "\(folder.path)/work"))
      .attach(at: merged)
    let wanted = Result { try open(.overlay2, at: "\(merged)/snapshots") }
    let chosen = Result { try open(nil, at: "\(merged)/snapshots").name }
    try Mounts.detach(merged)
    #expect(throws: StorageDriverError.self) { try wanted.get() }
    #expect(try chosen.get() == "vfs")
  }

  @Test(.enabled(if: LoopDisk.hasBtrfs)) func btrfsNeedsItsFileSystem() throws {
    let kind = try FileSystemKind(ofPath: folder.path).name
    #expect(throws: StorageDriverError.impossible(.btrfs, "it is not on btrfs but on \(kind)", root: folder.path)) {
      try open(.btrfs, at: folder.path)
    }
    let disk = try LoopDisk(.btrfs, in: folder.path)
    #expect(try open(.btrfs, at: "\(disk.path)/snapshots").name == "btrfs")
    try disk.unmount()
  }

  @Test func whatIsThereStaysWithItsDriver() throws {
    let driver = try open(.vfs, at: folder.path)
    #expect(try open(.overlay2, at: folder.path).name == "overlay2", "there is nothing yet")
    #expect(try open(.vfs, at: folder.path).name == "vfs")
    try driver.commitLayer(try driver.prepareLayer(ImageArchive.digest([1]), parent: nil))
    #expect(try open(nil, at: folder.path).name == "vfs")
    let error = StorageDriverError.otherDriver(.overlay2, recorded: .vfs, root: folder.path)
    #expect(throws: error) { try open(.overlay2, at: folder.path) }
    #expect(error.description.contains("--storage-driver vfs"))
  }

  @Test func aDataRootOfBeforeIsOverlays() throws {
    let driver = try OverlaySnapshotter(root: "\(folder.path)/overlay")
    try driver.commitLayer(try driver.prepareLayer(ImageArchive.digest([1]), parent: nil))
    #expect(throws: StorageDriverError.self) { try open(.vfs, at: folder.path) }
    #expect(try open(nil, at: folder.path).layers() == [ImageArchive.digest([1])])
  }

  @Test func aRecordThatNamesNoDriverIsRefused() throws {
    try AtomicFile.write(Array("zfs\n".utf8), to: "\(folder.path)/driver")
    #expect(throws: StorageDriverError.unknown(path: "\(folder.path)/driver")) { try open(nil, at: folder.path) }
  }
}
