import Snapshots
import Testing

/// The drivers that must all behave as ``Snapshotter`` says.
enum Driver: CaseIterable, CustomTestStringConvertible {
  case overlay, btrfs, vfs
  /// Which copies by sharing what files contain.
  case vfsOnBtrfs

  static let allCases: [Driver] = [.overlay, .vfs] + (LoopDisk.hasBtrfs ? [.btrfs, .vfsOnBtrfs] : [])

  var testDescription: String {
    switch self {
    case .overlay: "overlay"
    case .btrfs: "btrfs"
    case .vfs: "vfs"
    case .vfsOnBtrfs: "vfs on btrfs"
    }
  }

  private var diskKind: LoopDisk.Kind? { self == .btrfs || self == .vfsOnBtrfs ? .btrfs : nil }

  /// The file system that it needs, in `folder`; it has to be kept.
  func makeDisk(in folder: String) throws -> LoopDisk? { try diskKind.map { try LoopDisk($0, in: folder) } }

  /// Where its snapshots are in `folder`.
  func root(in folder: String) -> String { diskKind == nil ? "\(folder)/snapshots" : "\(folder)/disk/snapshots" }

  func make(in folder: String, mountPoints: MountPoints = MountPoints()) throws -> any Snapshotter {
    let root = root(in: folder)
    return switch self {
    case .overlay: try OverlaySnapshotter(root: root, mountPoints: mountPoints)
    case .btrfs: try TreeSnapshotter(.btrfs, root: root, mountPoints: mountPoints)
    case .vfs, .vfsOnBtrfs: try TreeSnapshotter(.vfs, root: root, mountPoints: mountPoints)
    }
  }
}
