internal import LinuxKernel
internal import OCIRuntimeSpec

/// How the ids of a bind mount's files are shown (config.md §Mounts, `uidMappings`).
package struct IDMapping: Equatable {
  /// The texts of `uid_map` and `gid_map`.
  package var uids: String
  package var gids: String
  package var isRecursive: Bool

  /// - Returns: `nil` if the mount has none.
  init?(_ mount: Mount, _ options: MountOptions, of linux: Linux, _ culprit: String) throws(RootfsError) {
    guard options.isIDMapped || !mount.uidMappings.isEmpty || !mount.gidMappings.isEmpty else { return nil }
    guard options.isBind else { throw RootfsError("\(culprit).uidMappings", "only bind mounts are id-mapped") }
    guard mount.uidMappings.isEmpty == mount.gidMappings.isEmpty else {
      throw RootfsError("\(culprit).uidMappings", "uidMappings and gidMappings are needed together")
    }
    // Without mappings of its own a mount is mapped like the container.
    let isOwn = !mount.uidMappings.isEmpty
    uids = Self.text(isOwn ? mount.uidMappings : linux.uidMappings)
    gids = Self.text(isOwn ? mount.gidMappings : linux.gidMappings)
    guard !uids.isEmpty, !gids.isEmpty else {
      throw RootfsError("\(culprit).uidMappings", "are needed: the container has no mappings that could be taken")
    }
    isRecursive = options.isRecursivelyIDMapped
  }

  private static func text(_ mappings: [LinuxIDMapping]) -> String {
    mappings.map { "\($0.containerID) \($0.hostID) \($0.size)\n" }.joined()
  }
}

extension PlannedMount {
  /// Whether the source is to be opened by the runtime, with the host's rights and in its sight.
  package func isOpenedOutside(hasUserNamespace: Bool) -> Bool { isBind && (hasUserNamespace || idMapping != nil) }

  /// Maps the ids of a source that was opened.
  func mapIDs(of tree: borrowing FileDescriptor) throws(RootfsError) {
    guard let idMapping else { return }
    try blaming("\(culprit).uidMappings", "id-mapped mount of \(destination)") { () throws(SyscallError) in
      let namespace = try UserNamespaces.make(uids: idMapping.uids, gids: idMapping.gids)
      try tree.mapIDs(by: namespace, recursive: idMapping.isRecursive)
    }
  }
}
