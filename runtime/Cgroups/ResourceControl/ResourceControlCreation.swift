internal import LinuxKernel

extension ResourceControl {
  /// Makes what is the container's own, and sets or compares what is asked for. When it throws, nothing of it is left.
  public func create() throws(CgroupError) {
    do throws(CgroupError) {
      try makeGroup()
      for folder in groups.own where folder != self.folder {
        try blaming("linux.intelRdt.enableMonitoring") { () throws(SyscallError) in
          guard try Directory.makeOne(folder) else { throw SyscallError("mkdir", folder, errno: .exists) }
        }
      }
    } catch {
      // Somebody else's group of this name stays, and the first error is the one to report.
      if case .kernel(let cause) = error.reason, cause.errno == .exists { throw error }
      try? groups.remove()
      throw error
    }
  }

  private func makeGroup() throws(CgroupError) {
    let exists = try blaming("linux.intelRdt.closID") { () throws(SyscallError) in
      try FileStatus.of(folder) != nil
    }
    if exists, isOwn {
      throw CgroupError(.kernel(SyscallError("mkdir", folder, errno: .exists)), path: "linux.intelRdt")
    }
    if exists { return try compare() }
    guard isOwn || !schemata.isEmpty else {
      throw CgroupError(
        .invalid("there is no group \(folder), and nothing says how it is to be made"), path: "linux.intelRdt.closID")
    }
    _ = try blaming("linux.intelRdt.closID") { () throws(SyscallError) in try Directory.makeOne(folder) }
    if !schemata.isEmpty { try Self.write(schemata, to: folder) }
  }

  static func write(_ schemata: [String], to folder: String) throws(CgroupError) {
    do throws(SyscallError) {
      try FileDescriptor.open("\(folder)/schemata", [.writeOnly, .create])
        .writeAll(Array(schemata.map { "\($0)\n" }.joined().utf8))
    } catch {
      // The kernel keeps its reason in another file, if it has one.
      let root = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? folder
      let reason = (try? CgroupFile.text(of: "\(root)/info/last_cmd_status"))?.fields("\n").first ?? ""
      throw CgroupError(
        .invalid("\(error)\(reason.isEmpty ? "" : " (\(reason))")"), path: "linux.intelRdt.schemata")
    }
  }

  /// A group that was there before is shared: it has to be what is asked for already.
  private func compare() throws(CgroupError) {
    if schemata.isEmpty { return }
    let text = try blaming("linux.intelRdt") { () throws(SyscallError) in
      try CgroupFile.text(of: "\(folder)/schemata")
    }
    let present = Self.shares(text.fields("\n").map(String.init))
    for (domain, share) in Self.shares(schemata) where present[domain] != share {
      throw CgroupError(
        .invalid("\(folder) has \(present[domain] ?? "nothing") for \(domain), not \(share)"),
        path: "linux.intelRdt.closID")
    }
  }

  /// `L3:0=ff;1=f` as `L3:0` → `ff` and `L3:1` → `f`.
  static func shares(_ lines: [String]) -> [String: String] {
    var shares: [String: String] = [:]
    for line in lines {
      let parts = line.fields(":")
      guard parts.count == 2, let resource = String(parts[0]).words.first else { continue }
      for share in parts[1].fields(";") {
        let words = share.fields("=")
        guard words.count == 2, let domain = String(words[0]).words.first else { continue }
        let digits = (String(words[1]).words.first ?? "").lowercased().drop { $0 == "0" }
        shares["\(resource):\(domain)"] = digits.isEmpty ? "0" : String(digits)
      }
    }
    return shares
  }
}
