internal import LinuxKernel

/// Every mounted hierarchy that can hold containers.
public struct CgroupHierarchies: Sendable {
  /// How the machine divides control between the two interfaces.
  public enum Mode: String, Sendable {
    case legacy
    /// Controllers on v1, and beside them a v2 tree without controllers.
    case hybrid
    case unified
  }

  /// In the order of the mount table.
  public let all: [CgroupHierarchy]

  /// - Throws: ``CgroupError`` if there is none, or the kernel's files cannot be read.
  public static func current() throws(CgroupError) -> CgroupHierarchies {
    let memberships = CgroupMembership.all(in: try read("/proc/self/cgroup"))
    let mounts = try blaming { () throws(SyscallError) in try CgroupMount.holding(memberships) }
    var hierarchies = try CgroupHierarchies(memberships, mounts)
    hierarchies = try CgroupHierarchies(
      hierarchies.all.map { hierarchy throws(CgroupError) in
        guard hierarchy.version == .v2 else { return hierarchy }
        var hierarchy = hierarchy
        hierarchy.controllers = try read(hierarchy.mountPoint + "/cgroup.controllers").words
        return hierarchy
      })
    return hierarchies
  }

  init(_ all: [CgroupHierarchy]) { self.all = all }

  /// - Parameters:
  ///   - memberships: the text of `/proc/self/cgroup`.
  ///   - mounts: the text of `/proc/self/mountinfo`.
  package init(memberships: String, mounts: String) throws(CgroupError) {
    try self.init(CgroupMembership.all(in: memberships), mounts.fields("\n").compactMap(CgroupMount.init(line:)))
  }

  /// Mounts below `/sys/fs/cgroup` come first: others are likely to be the file systems of containers.
  private init(_ memberships: [CgroupMembership], _ mounts: [CgroupMount]) throws(CgroupError) {
    let mounts = mounts.filter { $0.isUsual } + mounts.filter { !$0.isUsual }
    all = memberships.compactMap { membership in
      mounts.first { membership.isHeld(by: $0) }.map { membership.hierarchy(mountedAs: $0) }
    }
    if all.isEmpty { throw CgroupError(.state("no control group file system is mounted")) }
  }

  public var mode: Mode {
    if !all.contains(where: { $0.version == .v1 }) { return .unified }
    return unified == nil ? .legacy : .hybrid
  }

  /// The v2 tree, if it is mounted.
  public var unified: CgroupHierarchy? { all.first { $0.version == .v2 } }

  /// The hierarchy that has the controller `name`.
  public func hierarchy(controlling name: String) -> CgroupHierarchy? { all.first { $0.controllers.contains(name) } }

  private static func read(_ path: String) throws(CgroupError) -> String {
    String(decoding: try blaming { () throws(SyscallError) in try AtomicFile.read(path) }, as: UTF8.self)
  }
}
