internal import Glibc
internal import LinuxKernel

extension Cgroup {
  /// Sends `signal` to every process of the group and of those below it.
  ///
  /// `SIGKILL` leaves nobody: by `cgroup.kill` where the kernel has it, otherwise with the group frozen meanwhile, so that
  /// nothing can fork away.
  public func signalAll(_ signal: Int32) throws(CgroupError) {
    guard signal == SIGKILL else { return try sendAll(signal) }
    if let unified, try killUnified(unified) { return }
    let frozen = canFreeze ? try freezeIfPossible() : false
    do throws(CgroupError) { try sendAll(signal) } catch {
      if frozen { try thawForDeath() }
      throw error
    }
    if frozen { try thawForDeath() }
  }

  /// Killed processes of a v1 group die only when it thaws; a group that is gone has none.
  private func thawForDeath() throws(CgroupError) {
    do throws(CgroupError) { try thaw() } catch {
      guard case .kernel(let cause) = error.reason, cause.errno == .noEntry || cause.errno == Self.gone else {
        throw error
      }
    }
  }

  /// - Returns: `false` if somebody may be left: the kernel is older than 5.14, or a process left the v2 tree but not the others.
  private func killUnified(_ folder: Folder) throws(CgroupError) -> Bool {
    let strays = folders.count == 1 ? [] : Set(try processes()).subtracting(try processes(in: folder))
    do throws(SyscallError) { try CgroupFile.write("1", to: "\(folder.path)/cgroup.kill") } catch {
      guard error.errno == .noEntry || error.errno == .notSupported || error.errno == Self.gone else {
        throw CgroupError(.kernel(error))
      }
      return false
    }
    return strays.isEmpty
  }

  private func freezeIfPossible() throws(CgroupError) -> Bool {
    do {
      try freeze(withinMilliseconds: 2_000)
      return true
    } catch {
      // Unfreezable (a process in uninterruptible sleep): signals reach it all the same, later.
      return false
    }
  }

  private func sendAll(_ signal: Int32) throws(CgroupError) {
    var reached: Set<Int32> = []
    // Processes born meanwhile are found in the next round; a frozen group needs one.
    for _ in 0..<64 {
      let pids = try processes().filter { !reached.contains($0) }
      if pids.isEmpty { return }
      for pid in pids {
        if Glibc.kill(pid, signal) < 0, errno != ESRCH {
          throw CgroupError(.kernel(SyscallError("kill", "\(pid)", errno: .init(rawValue: errno))))
        }
      }
      reached.formUnion(pids)
      if signal != SIGKILL { return }
    }
  }
}
