internal import LinuxKernel

extension Cgroup {
  /// Removes the group and the groups below it, in every hierarchy, and has systemd end its scope. What is gone already is no error.
  /// - Parameter milliseconds: how long to wait for processes that are on their way out.
  /// - Throws: `state` if there are processes left by then; they are not killed.
  public func remove(withinMilliseconds milliseconds: Int64 = 5_000) throws(CgroupError) {
    try stopUnit()
    let deadline = Deadline(afterMilliseconds: milliseconds)
    var first: CgroupError?
    for folder in folders {
      do throws(CgroupError) { try remove(folder.path, deadline) } catch { first = first ?? error }
    }
    if let first { throw first }
  }

  /// Removes the group if nothing is in it, and systemd does not keep it.
  /// - Returns: whether it is gone; if not, it may be gone from some hierarchies.
  public func removeIfEmpty() throws(CgroupError) -> Bool {
    if unit != nil { return false }
    for folder in folders {
      do throws(SyscallError) { try removeOne(folder.path) } catch {
        guard error.errno == .busy || error.errno == .notEmpty else { throw CgroupError(.kernel(error)) }
        return false
      }
    }
    return true
  }

  private func remove(_ path: String, _ deadline: Deadline) throws(CgroupError) {
    var pause: Int64 = 1
    while true {
      do throws(SyscallError) {
        try removeSubtree(path)
        return
      } catch {
        guard error.errno == .busy || error.errno == .notEmpty, !deadline.hasPassed else {
          throw CgroupError(.kernel(error))
        }
      }
      // An exiting process leaves the group shortly after its parent was told, and v1 has no event for that.
      deadline.pause(milliseconds: pause)
      pause = min(pause * 2, 50)
    }
  }

  private func removeSubtree(_ path: String) throws(SyscallError) {
    do throws(SyscallError) { return try removeOne(path) } catch {
      guard error.errno == .busy || error.errno == .notEmpty else { throw error }
    }
    for child in try Directory.folders(in: path) { try removeSubtree("\(path)/\(child)") }
    try removeOne(path)
  }

  private func removeOne(_ path: String) throws(SyscallError) {
    do { try Directory.removeOne(path) } catch { if error.errno != .noEntry { throw error } }
  }
}
