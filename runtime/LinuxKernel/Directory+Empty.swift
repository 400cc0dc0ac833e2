internal import Glibc

extension Directory {
  /// Removes the directory at `path` if it is empty and nothing is mounted on it. Nothing there is fine.
  public static func removeEmpty(_ path: String) throws(SyscallError) {
    do throws(SyscallError) { try check("rmdir", path) { rmdir(path) } } catch {
      if error.errno != .noEntry { throw error }
    }
  }
}
