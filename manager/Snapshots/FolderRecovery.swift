internal import LinuxKernel
internal import OCIImageSpec

extension FolderSnapshotter {
  public func recover() throws(SnapshotError) -> [SetAside] {
    let discarded = try discardDrafts()
    let parts = Self.parts
    // Only whether the name can be read counts: what cannot is set aside with that as the reason.
    return try discarded + check("layers", record: "parents", parts.layer) { (try? Digest(encoded: $0)) != nil }
      + check("containers", record: "layer", parts.container) { (try? folder(container: $0)) != nil }
  }

  /// What cannot be removed is set aside: a daemon has to start whatever a container has left behind.
  private func discardDrafts() throws(SnapshotError) -> [SetAside] {
    var found: [SetAside] = []
    let drafts = "\(folders.root)/drafts"
    for name in try call({ () throws(SyscallError) in try Directory.names(drafts) }) {
      let path = "\(drafts)/\(name)"
      do throws(SyscallError) { try folders.discard(path) } catch {
        found.append(try setAside(path, as: "drafts-\(name)", "it cannot be removed: \(error)"))
      }
    }
    return found
  }

  private func setAside(_ path: String, as name: String, _ reason: String) throws(SnapshotError) -> SetAside {
    let place = "\(folders.root)/unreadable/\(name).\(UInt64.random(in: .min ... .max))"
    try call { () throws(SyscallError) in try Directory.moveSynced(path, to: place) }
    return SetAside(path: place, reason: reason)
  }

  /// Sets aside what in `folder` has an impossible name, lacks a directory, or has a record that is no list of digests.
  private func check(
    _ folder: String, record: String, _ directories: [String], isName: (String) -> Bool
  ) throws(SnapshotError) -> [SetAside] {
    var found: [SetAside] = []
    let root = folders.root
    for name in try call({ () throws(SyscallError) in try Directory.names("\(root)/\(folder)") }) {
      let path = "\(root)/\(folder)/\(name)"
      guard let reason = try isName(name) ? fault(path, record, directories) : "unexpected name" else { continue }
      found.append(try setAside(path, as: "\(folder)-\(name)", reason))
    }
    return found
  }

  private func fault(_ path: String, _ record: String, _ directories: [String]) throws(SnapshotError) -> String? {
    for name in directories {
      let status = try call { () throws(SyscallError) in try FileStatus.of("\(path)/\(name)") }
      if status?.kind != .directory { return "there is no directory \(name)" }
    }
    do throws(SnapshotError) { _ = try folders.digests(in: "\(path)/\(record)") } catch { return error.description }
    return nil
  }
}
