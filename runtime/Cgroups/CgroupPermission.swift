internal import LinuxKernel

extension Cgroup {
  /// A group without a folder in any hierarchy: who joins it stays where he is.
  public static let none = Cgroup(folders: [])

  /// As ``create()``, in those hierarchies only where this process may make groups.
  /// - Returns: the group with the folders that were made.
  public func createWherePermitted() throws(CgroupError) -> Cgroup {
    var made: [Folder] = []
    for folder in folders {
      do throws(CgroupError) {
        try Cgroup(folders: [folder]).create()
        made.append(folder)
      } catch {
        if error.isRefusal { continue }
        // The first error is the one to report; what cannot be removed has processes of somebody else.
        _ = try? Cgroup(folders: made).removeIfEmpty()
        throw error
      }
    }
    return Cgroup(folders: made)
  }

  /// Where this group's processes are in each hierarchy: in this process's own group where it has no folder.
  public func completed(in hierarchies: CgroupHierarchies) -> Cgroup {
    Cgroup(
      folders: hierarchies.all.compactMap { hierarchy in
        if let own = folders.first(where: { $0.mountPoint == hierarchy.mountPoint }) { return own }
        return hierarchy.folder(ofGroup: hierarchy.ownPath).map { path in
          Folder(
            version: hierarchy.version, controllers: hierarchy.controllers, path: path, mountPoint: hierarchy.mountPoint
          )
        }
      })
  }
}

extension CgroupError {
  /// Whether everything but the rules of devices, which come last, is in force.
  public var isRefusalOfDevices: Bool { isRefusal && path == DeviceRules.path }

  /// Whether the kernel says that somebody else might.
  public var isRefusal: Bool {
    guard case .kernel(let error) = reason else { return false }
    return [.accessDenied, .notPermitted, .readOnlyFileSystem].contains(error.errno)
  }
}
