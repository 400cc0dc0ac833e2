internal import Cgroups
internal import LinuxKernel

/// All containers below a state directory.
package struct ContainerListing {
  package private(set) var containers: [Container] = []
  /// What could not be read.
  package private(set) var problems: [RuntimeError] = []

  package init(root: String) throws(RuntimeError) {
    let names: [String]
    do { names = try Directory.names(root) } catch {
      if error.errno == .noEntry { return }
      throw RuntimeError(error)
    }
    for name in names.sorted() {
      guard let id = try? ContainerID(name) else { continue }  // Nothing that this program made.
      do throws(RuntimeError) { containers.append(try Container(id, root: root)) } catch {
        // One that is just being made or removed has no state.
        if error != .notThere { problems.append(RuntimeError("load container \(name): \(error)")) }
      }
    }
  }
}

/// A container whose state cannot be read, or whose making was cut short.
package struct BrokenContainer {
  private let folder: ContainerFolder

  package init(_ id: ContainerID, root: String) { folder = ContainerFolder(id, in: root) }

  /// Ends its processes and removes its cgroup, where the configuration still says which it was, and its state.
  /// Nothing there is fine.
  package func remove() throws(RuntimeError) {
    guard folder.exists else { return }
    if let linux = try? folder.configuration().linux, let hierarchies = try? CgroupHierarchies.current(),
      let cgroup = try? Cgroup(cgroupsPath: linux.cgroupsPath, containerID: "\(folder.id)", in: hierarchies)
    {
      try explaining { () throws(CgroupError) in
        try cgroup.signalAll(9)
        try cgroup.remove()
      }
    }
    try folder.remove()
  }
}
