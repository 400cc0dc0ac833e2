internal import Glibc

/// Folders of pseudo file systems: making or removing one makes or removes a kernel object, and its files cannot be removed.
extension Directory {
  /// Makes one folder whose parent exists.
  /// - Returns: `false` if it was there already.
  public static func makeOne(_ path: String, mode: UInt32 = 0o755) throws(SyscallError) -> Bool {
    do throws(SyscallError) { try check("mkdir", path) { mkdir(path, mode) } } catch {
      guard error.errno == .exists else { throw error }
      return false
    }
    return true
  }

  /// Removes a folder without folders in it.
  public static func removeOne(_ path: String) throws(SyscallError) {
    try check("rmdir", path) { rmdir(path) }
  }

  /// The names of the folders in the folder at `path`, in the kernel's order.
  public static func folders(in path: String) throws(SyscallError) -> [String] {
    guard let stream = opendir(path) else { throw SyscallError("opendir", path, errno: .init(rawValue: errno)) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw SyscallError("readdir", path, errno: .init(rawValue: errno)) }
    return names
  }
}
