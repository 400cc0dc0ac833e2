package import Images
package import LinuxKernel
package import OCIImageSpec
internal import Synchronization

/// A catalog that forgets.
package final class MemoryCatalog: ImageCatalog {
  private let kept = Mutex<[Digest: ImageRecord]>([:])
  private let told = Mutex<[ImageEvent]>([])

  package init() {}

  package func records() -> (records: [ImageRecord], isComplete: Bool) { (kept.withLock { Array($0.values) }, true) }

  package func put(_ record: ImageRecord, telling events: [ImageEvent]) {
    tell(events)
    kept.withLock { kept in
      for id in kept.keys { kept[id]?.names.removeAll(where: record.names.contains) }
      kept[record.id] = record
    }
  }

  package func removeName(_ name: Reference, telling events: [ImageEvent]) {
    tell(events)
    kept.withLock { kept in
      for id in kept.keys { kept[id]?.names.removeAll { $0 == name } }
    }
  }

  package func remove(_ id: Digest, telling events: [ImageEvent]) {
    tell(events)
    kept.withLock { $0[id] = nil }
  }

  package func tell(_ events: [ImageEvent]) { told.withLock { $0 += events } }

  /// What was told of images, in order.
  package var events: [ImageEvent] { told.withLock { $0 } }
}

/// Blobs in memory.
package final class MemoryBlobs: BlobStore {
  fileprivate let kept = Mutex<[Digest: [UInt8]]>([:])
  /// What is there of blobs that can be resumed.
  fileprivate let partial = Mutex<[Digest: [UInt8]]>([:])
  fileprivate let refused = Mutex<Set<Digest>>([])

  package init() {}

  /// From now on the blob cannot be finished.
  package func refuse(_ digest: Digest) { refused.withLock { _ = $0.insert(digest) } }

  /// How much there is of blobs that can be resumed.
  package var partialSizes: [Digest: Int] { partial.withLock { $0.mapValues(\.count) } }

  package func ingest() -> MemoryIngest { MemoryIngest(self) }
  package func resume(_ digest: Digest) -> MemoryIngest { MemoryIngest(self, resuming: digest) }
  package func adopt(_ digest: Digest) {
    if let bytes = partial.withLock({ $0.removeValue(forKey: digest) }) { kept.withLock { $0[digest] = bytes } }
  }

  package func openArrived(_ digest: Digest) throws -> FileDescriptor {
    let file = try FileDescriptor.anonymousFile(named: "blob")
    try file.writeAll(kept.withLock { $0[digest] } ?? partial.withLock { $0[digest] } ?? [])
    // Another opening of the same file, to be read from its beginning.
    return try FileDescriptor.open("/proc/self/fd/\(file.number)")
  }

  package func contains(_ digest: Digest) -> Bool { kept.withLock { $0[digest] != nil } }
  package func read(_ digest: Digest, limit: Int) -> [UInt8] { kept.withLock { $0[digest] ?? [] } }
  package func remove(_ digest: Digest) { kept.withLock { $0[digest] = nil } }
  package func list() -> [Digest] { kept.withLock { Array($0.keys) } }
  package func allocated(_ digest: Digest) -> Int64 { kept.withLock { Int64($0[digest]?.count ?? 0) } }
  package func removePart(_ digest: Digest) { partial.withLock { $0[digest] = nil } }

  /// Each was written to when 1000 seconds had passed since 1970.
  package func parts() -> [UnfinishedBlob] {
    partialSizes.map { UnfinishedBlob(digest: $0.key, allocated: Int64($0.value), modified: 1000) }
  }
}

package final class MemoryIngest: BlobIngest {
  private let store: MemoryBlobs
  private let resumed: Digest?
  private var bytes: [UInt8] = []

  init(_ store: MemoryBlobs, resuming digest: Digest? = nil) {
    self.store = store
    resumed = digest
    if let digest { bytes = store.partial.withLock { $0[digest] } ?? [] }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) {
    self.bytes.append(contentsOf: bytes)
    keep()
  }

  private func keep() {
    if let resumed { store.partial.withLock { $0[resumed] = bytes } }
  }

  package var size: Int64 { Int64(bytes.count) }

  package func restart() {
    bytes = []
    keep()
  }

  package func seal(expecting digest: Digest, size: Int64) throws {
    guard ImageArchive.digest(bytes) == digest, self.size == size else { throw ImageError.failed("wrong digest") }
    keep()
  }

  package var digest: Digest { ImageArchive.digest(bytes) }

  package func finish(expecting digest: Digest) throws {
    guard ImageArchive.digest(bytes) == digest else { throw ImageError.failed("wrong digest") }
    guard !store.refused.withLock({ $0.contains(digest) }) else { throw ImageError.failed("no space") }
    store.kept.withLock { $0[digest] = bytes }
  }

  package func abandon() {
    if let resumed { store.partial.withLock { $0[resumed] = nil } }
  }
}

/// Layers whose content nobody looks at again.
package final class FolderLayers: LayerStore {
  private let folder: TemporaryFolder
  private let kept = Mutex<Set<Digest>>([])

  package init() throws { folder = try TemporaryFolder() }

  package func contains(_ chainID: Digest) -> Bool { kept.withLock { $0.contains(chainID) } }

  package func prepare(_ chainID: Digest, parent: Digest?) throws -> Digest {
    try Directory.make("\(folder.path)/\(chainID.encoded)")
    return chainID
  }

  package func directory(of draft: Digest) -> String { "\(folder.path)/\(draft.encoded)" }
  package func finish(_ draft: Digest) -> String { directory(of: draft) }
  package func parents(of chainID: Digest) -> [Digest] { [] }

  package func replace(_ chainID: Digest, with draft: Digest) throws {
    try Directory.removeTree(directory(of: chainID))
    try Directory.move(directory(of: draft), to: directory(of: chainID))
  }

  package func commit(_ draft: Digest) { kept.withLock { _ = $0.insert(draft) } }
  package func discard(_ draft: Digest) throws { try Directory.removeTree(directory(of: draft)) }
  package func removeEntry(_ name: [CChar], in directory: borrowing FileDescriptor) {}
  package func removeLowerEntries(of directory: borrowing FileDescriptor) {}
  package func size(_ chainID: Digest) -> Int64 { 1000 }
  package func countedSize(_ chainID: Digest) -> Int64 { 1000 }
  package func allocated(_ chainID: Digest) -> Int64 { contains(chainID) ? 4096 : 0 }
  package func remove(_ chainID: Digest) -> Bool { kept.withLock { $0.remove(chainID) != nil } }
  package func list() -> [Digest] { kept.withLock { Array($0) } }
}
