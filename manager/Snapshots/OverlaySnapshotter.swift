internal import LinuxKernel
internal import OCIImageSpec

/// Snapshots by overlayfs: a layer is a directory of differences, a container one more on top.
///
/// ```
/// <root>/layers/<chain ID>/diff       what the layer changes; gone files are character devices 0/0
/// <root>/containers/<id>/upper work   what the container changed; overlayfs's scratch space
/// <root>/mountpoints                  what every container stands on, below its layers: ``MountPoints``
/// <root>/empty                        what is seen of no layers at all
/// ```
public struct OverlaySnapshotter: FolderSnapshotter {
  /// Layers on one another: overlayfs mounts 500 directories, and a view has up to three of ours besides.
  static let layerLimit = 497
  public static let parts = (layer: ["diff"], container: ["upper", "work"])

  /// Docker's word for it.
  public let name = "overlay2"
  public let folders: SnapshotFolders
  private let mountPoints: MountPoints

  var root: String { folders.root }

  /// Opens the snapshots in the folder `root`, making it if it is missing.
  public init(root: String, mountPoints: MountPoints = MountPoints()) throws(SnapshotError) {
    do throws(SyscallError) {
      folders = try SnapshotFolders(root: root, kind: .directory)
      self.mountPoints = mountPoints
      try Directory.make("\(root)/empty", mode: 0o700)
      if !mountPoints.isEmpty {
        try Directory.make(mountPointFolder, mode: 0o700)
        try mountPoints.make(in: try FileDescriptor.open(mountPointFolder, [.readOnly, .directory]))
      }
    } catch { throw .system(error) }
  }

  public func status() throws(SnapshotError) -> [[String]] {
    // A kernel that has overlayfs without modules tells no parameters: they are as it was built, and ours do without.
    let parameter = "/sys/module/overlay/parameters/metacopy"
    return try call { () throws(SyscallError) in
      let setting = try FileStatus.of(parameter) == nil ? [] : AtomicFile.read(parameter)
      let copiesMetadata = setting.first == UInt8(ascii: "Y")
      return [
        ["Backing Filesystem", try FileSystemKind(ofPath: root).name],
        ["Using metacopy", "\(copiesMetadata)"],
      ]
    }
  }

  private var mountPointFolder: String { "\(root)/mountpoints" }

  /// The lowest directory of every container's tree, if there is one.
  var base: [String] { mountPoints.isEmpty ? [] : [mountPointFolder] }
}
