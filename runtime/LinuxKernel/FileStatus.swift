internal import Glibc

/// What `stat(2)` says about a file.
public struct FileStatus: Equatable, Sendable {
  /// What kind of file it is.
  public enum Kind: Equatable, Sendable {
    case regular, directory, symbolicLink, characterDevice, blockDevice, fifo, socket
  }

  public var kind: Kind
  /// The twelve bits of `chmod(2)`.
  public var permissions: UInt32
  public var owner: UInt32
  public var group: UInt32
  /// Bytes.
  public var size: Int64
  /// Bytes that the file takes on the disk.
  public var allocated: Int64
  public var links: UInt64
  public var device: UInt64
  public var inode: UInt64
  /// The device that a device node stands for.
  public var represents: UInt64
  /// Whole seconds of the last change of the content since 1970.
  public var modified: Int64
  /// What is beyond whole seconds of it.
  public var modifiedNanoseconds: Int64
  /// The same of the last change of anything about the file, such as its links.
  public var changed: Int64
  public var changedNanoseconds: Int64

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFCHR: .characterDevice
      case S_IFBLK: .blockDevice
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      default: .regular
      }
    permissions = status.st_mode & 0o7777
    owner = status.st_uid
    group = status.st_gid
    size = Int64(status.st_size)
    allocated = Int64(status.st_blocks) * 512
    links = UInt64(status.st_nlink)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    represents = UInt64(status.st_rdev)
    modified = Int64(status.st_mtim.tv_sec)
    modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    changed = Int64(status.st_ctim.tv_sec)
    changedNanoseconds = Int64(status.st_ctim.tv_nsec)
  }

  /// What is at `path`, a symbolic link itself and not what it points to; `nil` if there is nothing.
  public static func of(_ path: String) throws(SyscallError) -> FileStatus? {
    var status = stat()
    do throws(SyscallError) { try check("lstat", path) { lstat(path, &status) } } catch {
      if error.errno == .noEntry { return nil }
      throw error
    }
    return FileStatus(status)
  }
}

/// What is the same of all names of a file, and of no other file.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64
}

extension FileStatus {
  package var identity: FileIdentity { FileIdentity(device: device, inode: inode) }
}

extension FileDescriptor {
  /// What the open file is.
  public func status() throws(SyscallError) -> FileStatus {
    var status = stat()
    try check("fstat") { fstat(number, &status) }
    return FileStatus(status)
  }

  /// What stands under `name` in this directory, a symbolic link itself; `nil` if there is nothing.
  package func status(at name: UnsafePointer<CChar>) throws(SyscallError) -> FileStatus? {
    var status = stat()
    do throws(SyscallError) {
      try check("fstatat", String(cString: name)) { fstatat(number, name, &status, AT_SYMLINK_NOFOLLOW) }
    } catch {
      if error.errno == .noEntry { return nil }
      throw error
    }
    return FileStatus(status)
  }
}
