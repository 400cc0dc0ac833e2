internal import LinuxKernel
internal import OCIImageSpec

extension FolderSnapshotter {
  public func recover() throws(SnapshotError) -> [SetAside] {
    let drafts = "\(folders.root)/drafts"
    try call { () throws(SyscallError) in
      for name in try Directory.names(drafts) { try folders.discard("\(drafts)/\(name)") }
    }
    let parts = Self.parts
    // Only whether the name can be read counts: what cannot is set aside with that as the reason.
    return try check("layers", record: "parents", parts.layer) { (try? Digest(encoded: $0)) != nil }
      + check("containers", record: "layer", parts.container) { (try? folder(container: $0)) != nil }
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
      let place = "\(root)/unreadable/\(folder)-\(name).\(UInt64.random(in: .min ... .max))"
      try call { () throws(SyscallError) in try Directory.moveSynced(path, to: place) }
      found.append(SetAside(path: place, reason: reason))
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
