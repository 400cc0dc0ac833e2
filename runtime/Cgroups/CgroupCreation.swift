internal import LinuxKernel

extension Cgroup {
  /// Makes the group's folders and those above them, and lets v2 parents hand their controllers down.
  ///
  /// When it throws, the folders that it made are gone again.
  /// - Parameter pid: a process that may be in it already.
  /// - Throws: ``CgroupError`` with `state` if the group exists and has processes, or is frozen.
  public func create(besides pid: Int32? = nil) throws(CgroupError) {
    var made: [String] = []
    do throws(CgroupError) {
      for folder in folders {
        try create(folder, &made)
        // One that was made just now has nobody in it and runs.
        if made.last != folder.path { try checkEmpty(folder, besides: pid) }
      }
    } catch {
      // The first error is the one to report; what cannot be removed has processes of somebody else.
      for path in made.reversed() { try? Directory.removeOne(path) }
      throw error
    }
  }

  private func create(_ folder: Folder, _ made: inout [String]) throws(CgroupError) {
    let isCPUSet = folder.version == .v1 && folder.controllers.contains("cpuset")
    // A hybrid machine's v2 tree has no controllers to hand down.
    let handsDown = folder.version == .v2 && !folder.controllers.isEmpty
    if !isCPUSet, !handsDown, try createLast(folder, &made) { return }
    var inheritance = CPUSetController.Inheritance()
    var path = folder.mountPoint ?? ""
    let parts = Substring(folder.path.utf8.dropFirst(path.utf8.count)).fields("/")
    for part in parts {
      if handsDown { try enableControllers(below: path) }
      let parent = path
      path += "/\(part)"
      let child = path
      let isNew = try blaming("linux.cgroupsPath") { () throws(SyscallError) in try Directory.makeOne(child) }
      if isNew { made.append(child) }
      guard isCPUSet else { continue }
      try blaming("linux.cgroupsPath") { () throws(SyscallError) in
        try CPUSetController.inherit(from: parent, to: child, isNew: isNew, &inheritance)
      }
    }
  }

  /// Makes the folder without looking at those above it.
  /// - Returns: whether they are there.
  private func createLast(_ folder: Folder, _ made: inout [String]) throws(CgroupError) -> Bool {
    do throws(SyscallError) {
      if try Directory.makeOne(folder.path) { made.append(folder.path) }
      return true
    } catch {
      guard error.errno == .noEntry else { throw CgroupError(.kernel(error), path: "linux.cgroupsPath") }
      return false
    }
  }

  /// Hands every controller down. One that the kernel does not give (the group has processes, a real-time task is
  /// somewhere) is missed later by the limit that needs it, with that limit's name.
  private func enableControllers(below path: String) throws(CgroupError) {
    let (offered, enabled) = try blaming("linux.cgroupsPath") { () throws(SyscallError) in
      (
        try CgroupFile.words(of: "\(path)/cgroup.controllers"),
        try CgroupFile.words(of: "\(path)/cgroup.subtree_control")
      )
    }
    let wanted = offered.filter { !enabled.contains($0) }.map { "+\($0)" }
    if wanted.isEmpty { return }
    let file = "\(path)/cgroup.subtree_control"
    do { try CgroupFile.write(wanted.joined(separator: " "), to: file) } catch {
      // One refused controller has the kernel refuse them all: each is asked for alone, and who needs the refused one says so.
      for one in wanted { try? CgroupFile.write(one, to: file) }
    }
  }

  private func checkEmpty(_ folder: Folder, besides pid: Int32?) throws(CgroupError) {
    let occupants = try blaming { () throws(SyscallError) in
      try CgroupFile.words(of: "\(folder.path)/cgroup.procs").filter { $0 != pid.map(String.init) }
    }
    if !occupants.isEmpty {
      throw CgroupError(
        .state("\(folder.path) is not empty: it has \(occupants.count) process(es)"), path: "linux.cgroupsPath")
    }
    if folder.controllers.contains("freezer") || folder.version == .v2, try freezerState(of: folder) != .thawed {
      throw CgroupError(.state("\(folder.path) is frozen"), path: "linux.cgroupsPath")
    }
  }
}
