internal import CLinux
internal import Glibc

/// `MOUNT_ATTR_…`, combined.
package struct MountAttributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let readOnly = MountAttributes(rawValue: 0x1)
  package static let noSetUID = MountAttributes(rawValue: 0x2)
  package static let noDevices = MountAttributes(rawValue: 0x4)
  package static let noExecution = MountAttributes(rawValue: 0x8)
  package static let noAccessTime = MountAttributes(rawValue: 0x10)
  package static let strictAccessTime = MountAttributes(rawValue: 0x20)
  /// The whole field of how access times are kept; must be cleared when one of its values is set.
  package static let accessTimeField = MountAttributes(rawValue: 0x70)
  package static let noDirectoryAccessTime = MountAttributes(rawValue: 0x80)
  package static let noFollowSymbolicLinks = MountAttributes(rawValue: 0x20_0000)
}

extension FileDescriptor {
  private static let cloneTree = UInt32(1)

  /// A copy of the mount that holds `path`, attached nowhere yet (`open_tree`, `OPEN_TREE_CLONE`).
  /// - Parameter recursive: with the mounts below.
  package static func cloneMount(_ path: String, recursive: Bool) throws(SyscallError) -> FileDescriptor {
    let flags = cloneTree | UInt32(O_CLOEXEC) | (recursive ? 0x8000 : 0)
    return FileDescriptor(
      owning: Int32(try check("open_tree", path) { proa_open_tree(AT_FDCWD, path, flags) }))
  }

  /// A copy of the mount at this open file, attached nowhere yet.
  package func cloneMount(recursive: Bool) throws(SyscallError) -> FileDescriptor {
    let flags = Self.cloneTree | UInt32(O_CLOEXEC) | (recursive ? 0x8000 : 0) | 0x1000
    return FileDescriptor(owning: Int32(try check("open_tree") { proa_open_tree(number, "", flags) }))
  }

  /// A copy of the mount that holds `path`, as seen from this directory.
  package func cloneMount(at path: String) throws(SyscallError) -> FileDescriptor {
    let flags = Self.cloneTree | UInt32(O_CLOEXEC)
    return FileDescriptor(owning: Int32(try check("open_tree", path) { proa_open_tree(number, path, flags) }))
  }

  /// The root of the mount that holds this directory.
  package func mountRoot() throws(SyscallError) -> FileDescriptor {
    var folder = try open(at: ".", [.pathOnly, .directory])
    while true {
      let parent: FileDescriptor
      do throws(SyscallError) {
        parent = try folder.open(at: "..", [.pathOnly, .directory], resolve: .noMountCrossing)
      } catch {
        guard error.errno == .crossDevice else { throw error }
        return folder
      }
      // Above the root of this process there is only itself.
      let (here, above) = (try folder.status(), try parent.status())
      if (here.device, here.inode) == (above.device, above.inode) { return folder }
      folder = parent
    }
  }

  /// Attaches the detached mount that this descriptor holds at the open file `target`, `move_mount(2)`.
  package func attachMount(to target: borrowing FileDescriptor) throws(SyscallError) {
    let target = target.number
    try check("move_mount") { proa_move_mount(number, target) }
  }

  /// The same at the directory `name` in `folder`, which is no symbolic link.
  package func attachMount(at name: String, in folder: borrowing FileDescriptor) throws(SyscallError) {
    let folder = folder.number
    try check("move_mount", name) { proa_move_mount_at(number, folder, name) }
  }

  /// Changes the mount whose root this descriptor holds, `mount_setattr(2)`.
  package func setMount(
    _ set: MountAttributes, clearing clear: MountAttributes = [], propagation: Mounts.Flags = [],
    recursive: Bool = false
  ) throws(SyscallError) {
    try check("mount_setattr") {
      proa_mount_setattr(number, recursive ? 0x8000 : 0, set.rawValue, clear.rawValue, UInt64(propagation.rawValue))
    }
  }
}

extension Mounts {
  /// Whether the kernel can change a mount and all below it at once, `mount_setattr(2)` (Linux 5.12).
  package static var canChangeTrees: Bool { proa_mount_setattr(-1, 0, 0, 0, 0) == 0 || errno != ENOSYS }
}
