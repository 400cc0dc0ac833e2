internal import LinuxKernel
internal import OCIImageSpec

/// Snapshots that are whole trees, each with all that the layers below it have, too: for file systems that overlayfs does not
/// work on, or that copy trees better.
///
/// ```
/// <root>/layers/<chain ID>/tree       everything that an image with this layer on top has
/// <root>/layers/<chain ID>/usage      what the layer alone takes: bytes of content, files, bytes on the disk
/// <root>/containers/<id>/tree         everything that the container has
/// <root>/drafts/<random>/diff         what a layer changes while it is being written, as overlayfs would keep it
/// ```
///
/// With `btrfs` the folders of layers and containers are subvolumes, and snapshots of those that they stand on. With `vfs` a
/// layer shares files with the layer below as further links to them, for layers never change; a container has copies, which share
/// their content where the file system can do that.
public struct TreeSnapshotter: FolderSnapshotter {
  public enum Driver: String, Sendable {
    case btrfs, vfs
  }

  public static let parts = (layer: ["tree"], container: ["tree"])

  public let folders: SnapshotFolders
  let driver: Driver
  let mountPoints: MountPoints

  /// Docker's word for it.
  public var name: String { driver.rawValue }
  var root: String { folders.root }

  /// Opens the snapshots in the folder `root`, making it if it is missing.
  public init(_ driver: Driver, root: String, mountPoints: MountPoints = MountPoints()) throws(SnapshotError) {
    self.driver = driver
    self.mountPoints = mountPoints
    do throws(SyscallError) {
      folders = try SnapshotFolders(root: root, kind: driver == .btrfs ? .subvolume : .directory)
    } catch { throw .system(error) }
  }

  public func status() -> [[String]] {
    switch driver {
    // As Docker has it.
    case .btrfs: [["Btrfs", ""]]
    case .vfs: []
    }
  }

  /// The directory that holds all of the layer, or of the container.
  func tree(_ chainID: Digest) -> String { "\(folder(chainID))/tree" }
  func tree(container id: String) throws(SnapshotError) -> String { "\(try folder(container: id))/tree" }
}
