import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Snapshots
import Testing

/// What needs no mount, and so no root.
struct OverlayRecoveryTests {
  private let folder: TemporaryFolder
  private let snapshotter: OverlaySnapshotter
  private let base = ImageArchive.digest([1])
  private let top = ImageArchive.digest([2])

  init() throws {
    folder = try TemporaryFolder()
    snapshotter = try OverlaySnapshotter(root: folder.path)
  }

  private func names(_ name: String) throws -> [String] { try Directory.names("\(folder.path)/\(name)").sorted() }

  @Test func aLayerCountsOnlyWhenItIsCommitted() throws {
    let draft = try snapshotter.prepareLayer(base, parent: nil)
    #expect(try snapshotter.layers() == [])
    try snapshotter.commitLayer(draft)
    #expect(try snapshotter.layers() == [base])
  }

  @Test func draftsOfAKilledProcessAreRemoved() throws {
    _ = try snapshotter.prepareLayer(base, parent: nil)
    #expect(try names("drafts").count == 1)
    #expect(try snapshotter.recover() == [])
    #expect(try names("drafts") == [])
  }

  @Test func aDiscardedDraftIsGone() throws {
    try snapshotter.discardLayer(try snapshotter.prepareLayer(base, parent: nil))
    #expect(try names("drafts") == [])
  }

  @Test func aLayerIsMadeOnce() throws {
    let (first, second) = (
      try snapshotter.prepareLayer(base, parent: nil), try snapshotter.prepareLayer(base, parent: nil)
    )
    try snapshotter.commitLayer(first)
    try snapshotter.commitLayer(second)
    #expect(try snapshotter.layers() == [base])
    #expect(try names("drafts") == [])
    #expect(throws: SnapshotError.layerExists(base)) { try snapshotter.prepareLayer(base, parent: nil) }
  }

  @Test func aLayerNeedsItsParent() {
    #expect(throws: SnapshotError.layerNotFound(base)) { try snapshotter.prepareLayer(top, parent: base) }
  }

  @Test func aLayerThatAnotherStandsOnStays() throws {
    try snapshotter.commitLayer(try snapshotter.prepareLayer(base, parent: nil))
    try snapshotter.commitLayer(try snapshotter.prepareLayer(top, parent: base))
    #expect(throws: SnapshotError.layerInUse(base, by: "\(top)")) { try snapshotter.removeLayer(base) }
    try snapshotter.removeLayer(top)
    try snapshotter.removeLayer(base)
    #expect(try snapshotter.layers() == [])
    #expect(try names("drafts") == [])
  }

  @Test func whatCannotBeUnderstoodIsSetAsideAndReported() throws {
    try snapshotter.commitLayer(try snapshotter.prepareLayer(base, parent: nil))
    try snapshotter.commitLayer(try snapshotter.prepareLayer(top, parent: nil))
    try AtomicFile.write(Array("nonsense\n".utf8), to: "\(folder.path)/layers/\(base.encoded)/parents")
    try Directory.make("\(folder.path)/layers/stranger")
    try Directory.make("\(folder.path)/containers/broken")

    let aside = try snapshotter.recover()

    #expect(aside.count == 3)
    #expect(try snapshotter.layers() == [top])
    #expect(try names("containers") == [])
    #expect(try names("unreadable").count == 3)
  }

  @Test(arguments: ["", ".", "..", "../x", "a/b", "a b", String(repeating: "a", count: 129), ".hidden"])
  func aContainerNeedsAPlainName(id: String) {
    #expect(throws: SnapshotError.invalidContainerID(id)) { try snapshotter.removeContainer(id) }
  }
}
