public import LinuxKernel

/// Cgroups for shims, each beside its container's: only in the hierarchies by which a service manager knows what belongs to a
/// service, so that stopping the daemon's leaves the shims alone.
public struct ShimCgroups: Equatable, Sendable {
  /// Where those hierarchies are mounted.
  public let hierarchies: [String]
  /// ``ContainerPaths/cgroupParent``
  let parent: String

  /// - Parameter mountinfo: `/proc/self/mountinfo` (proc_pid_mountinfo(5)).
  public init(parent: String, mountinfo: String) {
    self.parent = parent
    let mounts = mountinfo.split(separator: "\n").compactMap(Self.trackedMount)
    // A hierarchy may be mounted more than once.
    hierarchies = [true, false].compactMap { unified in mounts.first { $0.isUnified == unified }?.point }
  }

  /// On this machine. Blocks.
  public static func current(parent: String) throws(SyscallError) -> ShimCgroups {
    let mountinfo = try AtomicFile.read("/proc/self/mountinfo")
    return ShimCgroups(parent: parent, mountinfo: String(decoding: mountinfo, as: UTF8.self))
  }

  private static func trackedMount(_ line: Substring) -> (point: String, isUnified: Bool)? {
    let fields = line.split(separator: " ")
    guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 3 < fields.count else { return nil }
    let point = String(fields[4])
    switch fields[dash + 1] {
    case "cgroup2": return (point, true)
    case "cgroup" where fields[dash + 3].split(separator: ",").contains("name=systemd"): return (point, false)
    default: return nil
    }
  }

  private func folder(of id: ContainerID, in hierarchy: String) -> String { "\(hierarchy)\(parent)/\(id)-shim" }

  /// Makes those of one shim. Blocks.
  /// - Returns: the folders that are there for it to join; a hierarchy that is read-only has none.
  func make(for id: ContainerID) throws(SyscallError) -> [String] {
    var folders: [String] = []
    for hierarchy in hierarchies {
      let folder = folder(of: id, in: hierarchy)
      do throws(SyscallError) { try Directory.make(folder, mode: 0o755) } catch {
        guard error.errno == .readOnlyFileSystem else { throw error }
        continue
      }
      folders.append(folder)
    }
    return folders
  }

  /// Kills what is in those of one shim that does not answer: itself if it still is there, and what it has the runtime do. Blocks.
  /// - Returns: whether nothing is in them any more; what was killed just now may be on its way.
  func endProcesses(of id: ContainerID) throws(SyscallError) -> Bool {
    var found: [Int32] = []
    for hierarchy in hierarchies { found += try processes(in: folder(of: id, in: hierarchy)) }
    for pid in found {
      do throws(SyscallError) { try LinuxKernel.Signal.kill.send(to: pid) } catch {
        if error.errno != .noProcess { throw error }
      }
    }
    return found.isEmpty
  }

  private func processes(in folder: String) throws(SyscallError) -> [Int32] {
    do throws(SyscallError) {
      let text = String(decoding: try AtomicFile.read("\(folder)/cgroup.procs"), as: UTF8.self)
      return text.split(separator: "\n").compactMap { Int32($0) }
    } catch {
      guard error.errno == .noEntry || error.errno == .noDevice else { throw error }
      return []
    }
  }

  /// Removes those of one shim. Blocks.
  /// - Returns: `false` if the shim has not ended yet.
  func remove(of id: ContainerID) throws(SyscallError) -> Bool {
    for hierarchy in hierarchies {
      do throws(SyscallError) { try Directory.removeEmpty(folder(of: id, in: hierarchy)) } catch {
        if error.errno == .busy { return false }
        guard error.errno == .readOnlyFileSystem else { throw error }
      }
    }
    return true
  }
}
