internal import CLinux
internal import Glibc

/// Whole-file reading, and writing that a crash cannot tear.
public enum AtomicFile {
  /// How far a write must have got before ``AtomicFile/write(_:to:mode:durability:)`` returns.
  public enum Durability: Sendable {
    /// Readers see the old or the new content, never a mixture; a power cut may lose the new one.
    case visible
    /// The content and its name are on the disk.
    case synced
  }

  /// Replaces the file at `path` in one step: temporary file in the same folder, (`fsync`,) `rename`(, `fsync` of the folder).
  ///
  /// Nothing is left behind when it throws.
  /// - Parameter mode: the permission bits of the file, whatever the umask.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o600, durability: Durability = .synced
  ) throws(SyscallError) {
    let temporary = "\(path).\(getpid()).tmp"
    do throws(SyscallError) {
      let file = try FileDescriptor.open(temporary, [.writeOnly, .create, .truncate, .noFollow], mode: mode)
      try check("fchmod", temporary) { fchmod(file.number, mode) }
      try file.writeAll(bytes)
      if durability == .synced { try check("fsync", temporary) { fsync(file.number) } }
      try check("rename", path) { rename(temporary, path) }
    } catch {
      unlink(temporary)
      throw error
    }
    if durability == .synced { try syncFolder(of: path) }
  }

  /// The content of the file at `path`.
  /// - Throws: `EFBIG` if there are more than `limit` bytes.
  public static func read(_ path: String, limit: Int = 64 << 20) throws(SyscallError) -> [UInt8] {
    do { return try FileDescriptor.open(path).readAll(limit: limit) } catch {
      throw SyscallError(error.call, path, errno: error.errno)
    }
  }

  private static func syncFolder(of path: String) throws(SyscallError) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = try FileDescriptor.open(folder, [.readOnly, .directory])
    try check("fsync", folder) { fsync(descriptor.number) }
  }
}
