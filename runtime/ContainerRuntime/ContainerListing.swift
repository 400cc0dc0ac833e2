internal import Cgroups
internal import LinuxKernel
internal import OCIRuntimeSpec

/// All containers below a state directory.
package struct ContainerListing {
  package private(set) var containers: [Container] = []
  /// What could not be read.
  package private(set) var problems: [RuntimeError] = []

  package init(root: String) throws(RuntimeError) {
    for id in try Self.names(in: root) {
      do throws(RuntimeError) { containers.append(try Container(id, root: root)) } catch {
        // One that is just being made or removed has no state.
        if error != .notThere { problems.append(RuntimeError("load container \(id): \(error)")) }
      }
    }
  }
}

extension ContainerListing {
  /// Everything that is kept below a state directory under the name of a container, readable or not.
  package static func names(in root: String) throws(RuntimeError) -> [ContainerID] {
    let names: [String]
    do { names = try Directory.names(root) } catch {
      if error.errno == .noEntry { return [] }
      throw RuntimeError(error)
    }
    // No container: the compiled seccomp filters.
    return names.sorted().compactMap { try? ContainerID($0) }
  }
}

/// A container whose state cannot be read, or whose making was cut short.
package struct BrokenContainer {
  private let folder: ContainerFolder
  private let root: String

  package init(_ id: ContainerID, root: String) {
    folder = ContainerFolder(id, in: root)
    self.root = root
  }

  /// Ends its processes and removes its cgroup, where the configuration still says which it was, and its state.
  /// Nothing there is fine.
  package func remove() throws(RuntimeError) {
    guard folder.exists else { return }
    if let path = cgroupsPath {
      let id = "\(folder.id)"
      let cgroup = try explaining { () throws(CgroupError) in
        try Cgroup(cgroupsPath: path, containerID: id, in: .current())
      }
      if try !isTaken(cgroup) {
        try explaining { () throws(CgroupError) in
          try cgroup.signalAll(9)
          try cgroup.remove()
        }
      }
    }
    try folder.remove()
  }

  /// Whether the group is another container's: a `create` may be cut short before it finds that out.
  private func isTaken(_ cgroup: Cgroup) throws(RuntimeError) -> Bool {
    let own = Set(cgroup.paths.values)
    // A container whose state cannot be read claims nothing; it is removed by the same rule. This one's own may have become
    // readable meanwhile: a `create` has just written it.
    return try ContainerListing(root: root).containers.contains {
      $0.folder != folder && !own.isDisjoint(with: $0.record.cgroupPaths.values)
    }
  }

  /// `nil` if nobody knows; empty for the one that is named after the container.
  private var cgroupsPath: String? {
    // A configuration that is not there yet, or torn: no process was started, or nothing says where it is.
    guard let configuration = try? folder.configuration() else { return nil }
    let path = configuration.linux?.cgroupsPath ?? ""
    // A path that `create` refuses has no cgroup.
    return (try? Cgroup.check(cgroupsPath: path, containerID: "\(folder.id)")).map { path }
  }
}
