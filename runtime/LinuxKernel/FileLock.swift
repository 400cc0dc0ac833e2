internal import Glibc

extension FileDescriptor {
  /// Takes the lock (flock(2)) of the open file, which lasts until the last descriptor of it is closed, however the
  /// process ends.
  /// - Returns: whether nobody else has it.
  public func tryLock() throws(SyscallError) -> Bool {
    do throws(SyscallError) { try check("flock") { flock(number, LOCK_EX | LOCK_NB) } } catch {
      if error.errno == .wouldBlock { return false }
      throw error
    }
    return true
  }
}
