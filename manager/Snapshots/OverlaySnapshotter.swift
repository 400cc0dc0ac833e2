internal import LinuxKernel
internal import OCIImageSpec

/// Snapshots by overlayfs: a layer is a directory of differences, a container one more on top.
///
/// ```
/// <root>/layers/<chain ID>/diff       what the layer changes; gone files are character devices 0/0
/// <root>/layers/<chain ID>/parents    chain IDs of the layers below, the nearest first, a line each
/// <root>/containers/<id>/upper work   what the container changed; overlayfs's scratch space
/// <root>/containers/<id>/layer        chain ID of the layer it stands on; empty for none
/// <root>/drafts/<random>              what is being made or removed; nothing in it counts
/// <root>/unreadable/<name>.<random>   what was not understood at a start
/// <root>/mountpoints                  what every container stands on, below its layers: ``MountPoints``
/// <root>/empty                        what is seen of no layers at all
/// ```
public struct OverlaySnapshotter: Snapshotter {
  /// Layers on one another: overlayfs mounts 500 directories, and a view has up to three of ours besides.
  static let layerLimit = 497

  /// Docker's word for it.
  public let name = "overlay2"
  let root: String
  private let mountPoints: MountPoints

  /// Opens the snapshots in the folder `root`, making it if it is missing.
  public init(root: String, mountPoints: MountPoints = MountPoints()) throws(SnapshotError) {
    self.root = root
    self.mountPoints = mountPoints
    try call { () throws(SyscallError) in
      // A container's root user may be somebody else on the host, who must be able to pass.
      for folder in ["", "/layers", "/containers"] { try Directory.make("\(root)\(folder)", mode: 0o711) }
      for folder in ["/drafts", "/unreadable", "/empty"] { try Directory.make("\(root)\(folder)", mode: 0o700) }
      if !mountPoints.isEmpty { try mountPoints.make(in: mountPointFolder) }
    }
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

  /// A system call's failure as this module's.
  func call<Result>(_ body: () throws(SyscallError) -> Result) throws(SnapshotError) -> Result {
    do throws(SyscallError) { return try body() } catch { throw .system(error) }
  }

  func newDraft() -> String { "\(root)/drafts/\(UInt64.random(in: .min ... .max))" }

  func folder(_ chainID: Digest) -> String { "\(root)/layers/\(chainID.encoded)" }

  func folder(container id: String) throws(SnapshotError) -> String {
    let isName = id.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard isName, (1...128).contains(id.utf8.count), !id.hasPrefix(".") else { throw .invalidContainerID(id) }
    return "\(root)/containers/\(id)"
  }

  /// Removes what is at `path` so that it is gone at once, however long the removal takes.
  func remove(_ path: String) throws(SnapshotError) {
    let draft = newDraft()
    try call { () throws(SyscallError) in
      guard try FileStatus.of(path) != nil else { return }
      try Directory.moveSynced(path, to: draft)
      try Directory.removeTree(draft)
    }
  }
}
