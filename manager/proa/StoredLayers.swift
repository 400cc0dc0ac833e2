internal import Images
package import LinuxKernel
package import OCIImageSpec
package import Snapshots

/// Keeps the layers of images in snapshots.
package struct StoredLayers<Driver: Snapshotter>: LayerStore {
  let driver: Driver

  package init(_ driver: Driver) { self.driver = driver }

  package func contains(_ chainID: Digest) throws -> Bool { try driver.containsLayer(chainID) }

  package func prepare(_ chainID: Digest, parent: Digest?) throws -> LayerDraft {
    try driver.prepareLayer(chainID, parent: parent)
  }

  package func directory(of draft: LayerDraft) -> String { draft.directory }
  package func directory(of chainID: Digest) -> String { driver.layerDirectory(chainID) }
  package func parents(of chainID: Digest) throws -> [Digest] { try driver.layerParents(chainID) }

  package func finish(_ draft: LayerDraft) throws -> String { try driver.finishLayer(draft) }

  package func replace(_ chainID: Digest, with draft: LayerDraft) throws {
    try driver.replaceLayer(chainID, with: draft)
  }

  package func commit(_ draft: LayerDraft) throws { try driver.commitLayer(draft) }
  package func discard(_ draft: LayerDraft) throws { try driver.discardLayer(draft) }

  package func removeEntry(_ name: [CChar], in directory: borrowing FileDescriptor) throws {
    try driver.removeEntry(name, in: directory)
  }

  package func removeLowerEntries(of directory: borrowing FileDescriptor) throws {
    try driver.removeLowerEntries(of: directory)
  }

  package func size(_ chainID: Digest) throws -> Int64 { try driver.layerUsage(chainID).size }

  package func countedSize(_ chainID: Digest) throws -> Int64 { try driver.layerSizeCounted(chainID) }

  package func allocated(_ chainID: Digest) throws -> Int64 {
    do { return try driver.layerUsage(chainID).allocated } catch SnapshotError.layerNotFound { return 0 }
  }

  package func remove(_ chainID: Digest) throws -> Bool {
    do { try driver.removeLayer(chainID) } catch SnapshotError.layerInUse { return false }
    return true
  }

  package func list() throws -> [Digest] { try driver.layers() }
}
