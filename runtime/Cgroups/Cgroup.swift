internal import LinuxKernel

/// The group of one container: a folder in every hierarchy.
public struct Cgroup: Sendable {
  /// The group's folder in one hierarchy.
  public struct Folder: Equatable, Sendable {
    public let version: CgroupVersion
    /// As in ``CgroupHierarchy/controllers``.
    public let controllers: [String]
    public let path: String
    /// Where the hierarchy is mounted; `nil` for a group that was loaded from a state file.
    public let mountPoint: String?
  }

  public let folders: [Folder]
  /// The scope that it is, if systemd makes it.
  public let unit: SystemdUnit?

  init(folders: [Folder], unit: SystemdUnit? = nil) {
    self.folders = folders
    self.unit = unit
  }

  /// The group that a configuration names. Nothing is made yet.
  /// - Parameters:
  ///   - cgroupsPath: `linux.cgroupsPath`, see config-linux.md §Cgroups Path.
  ///   - containerID: names the group if there is no path.
  ///   - manager: who makes it; without one it has no folders.
  public init(
    cgroupsPath: String?, containerID: String, in hierarchies: CgroupHierarchies, by manager: CgroupManager = .cgroupfs
  ) throws(CgroupError) {
    let path: CgroupPath
    switch manager {
    case .disabled:
      (folders, unit) = ([], nil)
      return
    case .cgroupfs:
      unit = nil
      path = try CgroupPath(cgroupsPath, containerID: containerID)
    case .systemd:
      let unit = try SystemdUnit(cgroupsPath, containerID: containerID, isUser: Self.isUsers)
      if Self.isUsers, hierarchies.mode != .unified {
        throw CgroupError(.unsupported("systemd keeps an ordinary user's containers with cgroup v2 only"))
      }
      try SystemdConnection.checkPresence(isUser: Self.isUsers)
      path = try CgroupPath(try Self.systemdRoot() + unit.path(), containerID: containerID)
      self.unit = unit
    }
    var folders: [Folder] = []
    for hierarchy in hierarchies.all {
      folders.append(
        Folder(
          version: hierarchy.version, controllers: hierarchy.controllers, path: try path.folder(in: hierarchy),
          mountPoint: hierarchy.mountPoint))
    }
    self.folders = folders
  }

  /// - Throws: what is wrong with a configuration's `linux.cgroupsPath`, on any machine.
  public static func check(cgroupsPath: String?, containerID: String) throws(CgroupError) {
    _ = try CgroupPath(cgroupsPath, containerID: containerID)
  }

  /// A group that was made before, from what ``paths`` said then.
  /// - Parameter unit: the name of its scope, empty if systemd does not know it.
  /// - Throws: if a path is not absolute and clean, or is there but on another file system.
  public init(loading paths: [String: String], unit: String = "") throws(CgroupError) {
    var folders: [Folder] = []
    for (path, names) in Dictionary(grouping: paths.keys, by: { paths[$0] ?? "" }).sorted(by: { $0.key < $1.key }) {
      let version = names.contains("") ? CgroupVersion.v2 : .v1
      try Self.checkLoaded(path, version)
      folders.append(
        Folder(
          version: version, controllers: version == .v2 ? try Self.controllers(of: path) : names.sorted(), path: path,
          mountPoint: nil))
    }
    self.folders = folders
    self.unit = unit.isEmpty ? nil : try SystemdUnit(loading: unit)
  }

  /// Controller → folder, `""` for v2: what runc's state files call `cgroup_paths`.
  public var paths: [String: String] {
    var paths: [String: String] = [:]
    for folder in folders {
      if folder.version == .v2 { paths[""] = folder.path }
      if folder.version == .v1 { for name in folder.controllers { paths[name] = folder.path } }
    }
    return paths
  }

  /// The folder where `controller` does its work; `nil` if no hierarchy has it.
  public func folder(controlling controller: String) -> Folder? {
    folders.first { $0.controllers.contains(controller) }
  }

  /// The folder in the v2 tree, if there is one.
  public var unified: Folder? { folders.first { $0.version == .v2 } }

  private static func checkLoaded(_ path: String, _ version: CgroupVersion) throws(CgroupError) {
    guard path.hasPrefix("/"), !path.fields("/").contains("..") else {
      throw CgroupError(.state("the saved path \"\(path)\" is not absolute and clean"))
    }
    do throws(SyscallError) {
      let kind = try FileSystemKind(ofPath: path)
      guard kind == (version == .v2 ? .cgroup2 : .cgroup) else {
        throw SyscallError("statfs", "\(path) is on no control group file system", errno: .invalid)
      }
    } catch {
      // A group that is gone already is loaded so that it can be asked and removed like any other.
      if error.errno != .noEntry { throw CgroupError(.kernel(error)) }
    }
  }

  private static func controllers(of path: String) throws(CgroupError) -> [String] {
    do throws(SyscallError) { return try CgroupFile.words(of: "\(path)/cgroup.controllers") } catch {
      // In a group that is gone nothing is controlled.
      guard error.errno == .noEntry || error.errno == gone else { throw CgroupError(.kernel(error)) }
      return []
    }
  }
}
