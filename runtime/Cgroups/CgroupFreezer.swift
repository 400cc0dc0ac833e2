internal import LinuxKernel

/// Whether the processes of a group may run.
public enum CgroupFreezerState: String, Sendable {
  case thawed
  case freezing
  case frozen
}

extension Cgroup {
  /// Whether a freezer is there at all.
  public var canFreeze: Bool { freezer != nil }

  /// ``CgroupFreezerState/thawed`` where there is no freezer or no group any more.
  public func freezerState() throws(CgroupError) -> CgroupFreezerState {
    guard let freezer else { return .thawed }
    return try freezerState(of: freezer)
  }

  /// Stops every process of the group, and waits for it.
  /// - Throws: `state` if they are not all stopped after `milliseconds`; they run again then.
  public func freeze(withinMilliseconds milliseconds: Int64 = 10_000) throws(CgroupError) {
    guard let freezer else { throw CgroupError(.unsupported("there is no freezer on this machine")) }
    let deadline = Deadline(afterMilliseconds: milliseconds)
    repeat {
      // On v1 a fork in the wrong moment stops the freezing; asking again carries on.
      try set(freezer, frozen: true)
      if try freezerState(of: freezer) == .frozen { return }
      deadline.pause(milliseconds: 1)
    } while !deadline.hasPassed
    try set(freezer, frozen: false)
    throw CgroupError(.state("\(freezer.path) could not be frozen in \(milliseconds) ms"))
  }

  /// Lets the processes of the group run again.
  public func thaw() throws(CgroupError) {
    guard let freezer else { throw CgroupError(.unsupported("there is no freezer on this machine")) }
    try set(freezer, frozen: false)
  }

  private var freezer: Folder? { folder(controlling: "freezer") ?? unified }

  private func set(_ folder: Folder, frozen: Bool) throws(CgroupError) {
    try blaming { () throws(SyscallError) in
      switch folder.version {
      case .v1: try CgroupFile.write(frozen ? "FROZEN" : "THAWED", to: "\(folder.path)/freezer.state")
      case .v2: try CgroupFile.write(frozen ? "1" : "0", to: "\(folder.path)/cgroup.freeze")
      }
    }
  }

  func freezerState(of folder: Folder) throws(CgroupError) -> CgroupFreezerState {
    do throws(SyscallError) {
      switch folder.version {
      case .v1:
        switch try CgroupFile.words(of: "\(folder.path)/freezer.state").first {
        case "FROZEN": return .frozen
        case "FREEZING": return .freezing
        default: return .thawed
        }
      case .v2:
        if try CgroupFile.words(of: "\(folder.path)/cgroup.freeze") == ["0"] { return .thawed }
        return try CgroupFile.value(of: "frozen", in: "\(folder.path)/cgroup.events") == 1 ? .frozen : .freezing
      }
    } catch {
      // The root of the v2 tree has no freezer, a removed group no state.
      guard error.errno == .noEntry || error.errno == Self.gone else { throw CgroupError(.kernel(error)) }
      return .thawed
    }
  }
}
