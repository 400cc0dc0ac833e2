public import LinuxKernel
public import OCIImageSpec

/// Keeps the file trees of images and containers. Each driver does it with another file system's means.
///
/// A *layer* is what an image's layer changes, known by its chain ID (image-spec config.md §Layer ChainID). It is written once:
///
/// ```
/// prepareLayer ──▶ a directory, filled by the caller ──▶ commitLayer ──▶ a layer, for ever the same, until removeLayer
///                                                   └──▶ discardLayer: as if it had never been
/// ```
///
/// A *container's* tree stands on a layer, can be written, and appears where `mountContainer` is told to put it.
///
/// ```
/// (nothing) ──mountContainer──▶ mounted ──unmountContainer──▶ kept ──mountContainer──▶ …  ──removeContainer──▶ (nothing)
/// ```
///
/// A layer counts only when it is complete and on the disk: a process that is killed anywhere in between leaves what ``recover()``
/// removes. A layer that another layer or a container stands on is not removed. Every call blocks: none belongs on the
/// cooperative pool. Calls for different names may run at once; calls for one name are the caller's to order.
public protocol Snapshotter: Sendable {
  /// The word that `docker info` shows.
  var name: String { get }

  /// What `docker info` shows below that: names and values.
  func status() throws(SnapshotError) -> [[String]]

  /// Begins the layer `chainID` on `parent`, or on nothing.
  /// - Throws: ``SnapshotError/layerNotFound(_:)`` if the parent is missing, ``SnapshotError/layerExists(_:)``.
  func prepareLayer(_ chainID: Digest, parent: Digest?) throws(SnapshotError) -> LayerDraft

  /// Makes the draft what ``layerDirectory(_:)`` has of layers, without making it one. Nothing more is written to it.
  /// - Returns: the directory to compare with that.
  func finishLayer(_ draft: LayerDraft) throws(SnapshotError) -> String

  /// Makes the draft a layer: on the disk first, then under its name. If the same layer came to be meanwhile, that one stays.
  func commitLayer(_ draft: LayerDraft) throws(SnapshotError)

  /// Throws a draft away with everything in it.
  func discardLayer(_ draft: LayerDraft) throws(SnapshotError)

  /// Records in a draft that `name`, which a layer below may have, is gone. `directory` is the draft's or one below it.
  /// - Parameter name: ends in 0; need not be UTF-8.
  func removeEntry(_ name: [CChar], in directory: borrowing FileDescriptor) throws(SnapshotError)

  /// Records in a draft that whatever the layers below have in `directory` is gone.
  func removeLowerEntries(of directory: borrowing FileDescriptor) throws(SnapshotError)

  /// Puts a draft, whatever its name, in the place of a layer that no container stands on. If the process is killed meanwhile
  /// the layer may be missing.
  func replaceLayer(_ chainID: Digest, with draft: LayerDraft) throws(SnapshotError)

  /// Where the files are that the layer changes; with those of the layers below if the driver keeps whole trees.
  func layerDirectory(_ chainID: Digest) -> String

  /// The layers below, the nearest first.
  func layerParents(_ chainID: Digest) throws(SnapshotError) -> [Digest]

  func containsLayer(_ chainID: Digest) throws(SnapshotError) -> Bool
  func layers() throws(SnapshotError) -> [Digest]

  /// Nothing there is fine.
  /// - Throws: ``SnapshotError/layerInUse(_:by:)`` if another layer or a container stands on it.
  func removeLayer(_ chainID: Digest) throws(SnapshotError)

  /// What the layer alone takes.
  func layerUsage(_ chainID: Digest) throws(SnapshotError) -> SnapshotUsage

  /// Bytes of the layer's files as they are now, whatever was noted when it was made.
  func layerSizeCounted(_ chainID: Digest) throws(SnapshotError) -> Int64

  /// Whether a container can be held to a limit of what it writes.
  func keepsLimits() throws(SnapshotError) -> Bool

  /// Makes the tree of container `id` from `chainID` (or from nothing), unless it is there: it takes `limit` bytes at most.
  /// - Throws: ``SnapshotError/noSizeLimits`` if nobody would hold it to that.
  func makeContainer(_ id: String, on chainID: Digest?, limit: UInt64) throws(SnapshotError)

  /// Puts the tree of container `id` at the directory `target`, making it from `chainID` (or from nothing) if it is new.
  /// What the container wrote while it was mounted before is there again.
  /// - Throws: ``SnapshotError/otherLayer(id:existing:)`` if the container was made from another layer.
  func mountContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError)

  /// Takes the tree away from `target`; not being mounted is fine.
  func unmountContainer(_ id: String, at target: String) throws(SnapshotError)

  /// Removes what the container wrote. It must not be mounted. Nothing there is fine.
  func removeContainer(_ id: String) throws(SnapshotError)

  func containers() throws(SnapshotError) -> [String]
  func containsContainer(_ id: String) throws(SnapshotError) -> Bool

  /// Where the tree of container `id` on `chainID` is, or will be when it is mounted for the first time; `nil` if there is only
  /// one place.
  func containerPlace(_ id: String, on chainID: Digest?) throws(SnapshotError) -> ContainerPlace?

  /// Mounts the tree of container `id` at `target` for reading only, whether or not it is mounted elsewhere: what changes
  /// there meanwhile may or may not be seen. If it was never mounted it is what it will be then, and may be made for that.
  func viewContainer(_ id: String, on chainID: Digest?, at target: String) throws(SnapshotError)

  /// The same of a container on `chainID` that is not to be made; what is mounted on in containers may be missing.
  func viewNewContainer(on chainID: Digest?, at target: String) throws(SnapshotError)

  /// Mounts a layer and those below it at `target` for reading only.
  func viewLayers(of chainID: Digest?, at target: String) throws(SnapshotError)

  /// What the container has changed; nothing if it was never mounted.
  /// - Parameters:
  ///   - layers: the root directory of ``viewLayers(of:at:)``.
  ///   - ignored: paths that do not count.
  func containerChanges(
    _ id: String, to layers: borrowing FileDescriptor, ignoring ignored: Set<String>
  ) throws(SnapshotError) -> [TreeChange]

  /// Whether what a container has changed is kept apart from its image: ``containerDifferences(_:)``.
  var keepsDifferences: Bool { get }

  /// Opens the directory that holds what the container has changed, as overlayfs keeps it: gone files are character devices 0/0,
  /// directories with nothing of before have the attribute `trusted.overlay.opaque`. `nil` if it was never mounted,
  /// or nothing is kept apart.
  func containerDifferences(_ id: String) throws(SnapshotError) -> FileDescriptor?

  /// What the container alone has written.
  func containerUsage(_ id: String) throws(SnapshotError) -> SnapshotUsage

  /// Removes half-done things of a process that was killed, and sets aside what cannot be understood. For the daemon's start,
  /// before any other call.
  /// - Returns: what was set aside, for the log and `GET /info`.
  func recover() throws(SnapshotError) -> [SetAside]
}

/// A layer that is being written.
public struct LayerDraft: Equatable, Sendable {
  public let chainID: Digest
  public let parent: Digest?
  /// The directory to fill. It becomes the root directory of the layer, owner and mode included.
  public let directory: String
  /// Where the driver keeps the draft.
  let location: String

  init(chainID: Digest, parent: Digest?, directory: String, location: String) {
    self.chainID = chainID
    self.parent = parent
    self.directory = directory
    self.location = location
  }
}

/// Something on the disk that could not be understood, and was moved out of the way.
public struct SetAside: Equatable, Sendable {
  /// Where it is now.
  public var path: String
  public var reason: String
}
