internal import CLinux
internal import Glibc

/// The classic calls on mounts, `mount(2)`.
package enum Mounts {
  /// `MS_…`, combined.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt
    package init(rawValue: UInt) { self.rawValue = rawValue }

    package static let readOnly = Flags(rawValue: 1)
    package static let noSetUID = Flags(rawValue: 2)
    package static let noDevices = Flags(rawValue: 4)
    package static let noExecution = Flags(rawValue: 8)
    package static let synchronous = Flags(rawValue: 16)
    package static let remount = Flags(rawValue: 32)
    package static let mandatoryLocks = Flags(rawValue: 64)
    package static let synchronousDirectories = Flags(rawValue: 128)
    package static let noFollowSymbolicLinks = Flags(rawValue: 256)
    package static let noAccessTime = Flags(rawValue: 1024)
    package static let noDirectoryAccessTime = Flags(rawValue: 2048)
    package static let bind = Flags(rawValue: 4096)
    package static let recursive = Flags(rawValue: 16384)
    package static let silent = Flags(rawValue: 32768)
    package static let posixACL = Flags(rawValue: 1 << 16)
    package static let unbindable = Flags(rawValue: 1 << 17)
    package static let `private` = Flags(rawValue: 1 << 18)
    package static let slave = Flags(rawValue: 1 << 19)
    package static let shared = Flags(rawValue: 1 << 20)
    package static let relativeAccessTime = Flags(rawValue: 1 << 21)
    package static let inodeVersion = Flags(rawValue: 1 << 23)
    package static let strictAccessTime = Flags(rawValue: 1 << 24)
    package static let lazyTime = Flags(rawValue: 1 << 25)
  }

  /// - Parameter target: a path, or ``FileDescriptor/procPath`` of a descriptor.
  package static func mount(
    _ source: String?, on target: String, type: String? = nil, flags: Flags = [], data: String? = nil
  ) throws(SyscallError) {
    try check("mount", type ?? target) { proa_mount(source, target, type, flags.rawValue, data) }
  }

  /// Unmounts `target` and all below as soon as nobody uses it, `MNT_DETACH`.
  package static func detach(_ target: String) throws(SyscallError) {
    try check("umount2", target) { proa_umount2(target, 2) }
  }

  /// Makes the working directory the root of this mount namespace and stacks the old root on top of it.
  package static func pivotToWorkingDirectory() throws(SyscallError) {
    try check("pivot_root") { proa_pivot_root(".", ".") }
  }
}

extension FileDescriptor {
  /// Mounts a new file system, of a kind that has no source to be looked for, on this directory. That becomes the working
  /// directory: the way through procfs costs as much as some mounts.
  package func mount(
    _ source: String, type: String, flags: Mounts.Flags, data: String? = nil
  ) throws(SyscallError) {
    do throws(SyscallError) { try enter() } catch {
      // It takes more rights to be in a directory than to name it; and mount(2) says better what else is wrong.
      guard [.accessDenied, .notDirectory].contains(error.errno) else { throw error }
      return try Mounts.mount(source, on: procPath, type: type, flags: flags, data: data)
    }
    try Mounts.mount(source, on: ".", type: type, flags: flags, data: data)
  }
}

extension FileDescriptor {
  /// A path to this open file for calls that take no descriptor; needs the procfs of the host at `/proc`.
  package var procPath: String { "/proc/self/fd/\(number)" }
}
