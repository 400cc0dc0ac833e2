internal import Glibc
internal import LinuxKernel
internal import OCIRuntimeSpec

/// Which namespaces the container gets, new or somebody else's.
struct NamespacePlan {
  /// One to be joined.
  final class Joined {
    let kind: NamespaceKinds
    let culprit: String
    let descriptor: FileDescriptor

    init(_ kind: NamespaceKinds, _ culprit: String, owning descriptor: consuming FileDescriptor) {
      self.kind = kind
      self.culprit = culprit
      self.descriptor = descriptor
    }
  }

  private(set) var new: NamespaceKinds = []
  private(set) var joined: [Joined] = []
  let uidMappings: [LinuxIDMapping]
  let gidMappings: [LinuxIDMapping]
  /// For `timens_offsets`; empty if the clocks are the host's.
  let timeOffsets: String
  /// Whether an ordinary user makes them, who may do nothing but in a user namespace of his own.
  let isUnprivileged = Rootless.isUnprivileged

  /// - Throws: unknown, repeated and missing ones, and paths that are no namespace of the right kind.
  init(_ linux: Linux) throws(RuntimeError) {
    uidMappings = linux.uidMappings
    gidMappings = linux.gidMappings
    timeOffsets = try Self.text(of: linux.timeOffsets)
    for (index, namespace) in linux.namespaces.enumerated() {
      let culprit = "linux.namespaces[\(index)]"
      let kind = namespace.type.kind
      guard !all.contains(kind) else { throw RuntimeError(at: culprit, "\(namespace.type.rawValue) is given twice") }
      if let path = namespace.path, !path.isEmpty {
        joined.append(try Self.open(path, kind, "\(culprit).path"))
      } else {
        new.insert(kind)
      }
    }
    // A user namespace comes first: joining the others may take rights that only it gives.
    joined.sort { $0.kind == .user && $1.kind != .user }
    guard all.contains(.mount) || !all.contains(.user) else {
      throw RuntimeError(at: "linux.namespaces", "a mount namespace is required with a user namespace")
    }
    guard all.contains(.user) || !isUnprivileged else {
      throw RuntimeError(at: "linux.namespaces", "rootless container requires user namespaces")
    }
    try checkMappings()
    guard timeOffsets.isEmpty || new.contains(.time) else {
      throw RuntimeError(at: "linux.timeOffsets", "need a new time namespace")
    }
  }

  var all: NamespaceKinds { joined.reduce(into: new) { $0.insert($1.kind) } }
  func joins(_ kind: NamespaceKinds) -> Bool { joined.contains { $0.kind == kind } }

  /// Whether a go-between has to join namespaces first, and start the init from inside them: a pid or a time namespace is
  /// entered only by being born into it, and a new user namespace takes away the right to join others.
  var needsGoBetween: Bool {
    joins(.pid) || joins(.user) || new.contains(.time) || (new.contains(.user) && !joined.isEmpty)
  }

  /// Whether the init is born when its root is there, and not before: a neighbour in the pid namespace that it joins, who may
  /// trace, would see the host's root through it (CVE-2016-9962). What prepares it stays outside of that namespace.
  var isBornLate: Bool { joins(.pid) }

  /// Whether the pid namespace is joined only when the file systems are there: what is born before, to mount a procfs of it,
  /// is not to be born in it. A new user namespace takes away the right to join it, and with that the right to mount that.
  var joinsPIDsLate: Bool { joins(.pid) && !new.contains(.user) }

  /// The pid namespace whose processes a procfs is to show; `nil` for that of the process that mounts it.
  var shownPIDs: Int32? { joinsPIDsLate ? joined.first { $0.kind == .pid }?.descriptor.number : nil }

  /// Whether the go-between makes the user namespace, without which an ordinary user may make and join no other.
  var isUserFirst: Bool { needsGoBetween && isUnprivileged && new.contains(.user) }

  /// What the go-between makes when it starts the init.
  var clonedInside: NamespaceKinds { isUserFirst ? cloned.subtracting(.user) : cloned }

  /// What `clone3` makes. The cgroup namespace is not among them: its root is where the process is when it is made. Nor is
  /// the time namespace: its clocks are set before anybody is in it.
  var cloned: NamespaceKinds { new.subtracting([.cgroup, .time]) }

  private static func text(of offsets: [String: LinuxTimeOffset]) throws(RuntimeError) -> String {
    var text = ""
    for (clock, offset) in offsets.sorted(by: { $0.key < $1.key }) {
      guard clock == "monotonic" || clock == "boottime" else {
        throw RuntimeError(at: "linux.timeOffsets.\(clock)", "only monotonic and boottime have offsets")
      }
      guard offset.nanosecs ?? 0 < 1_000_000_000 else {
        throw RuntimeError(at: "linux.timeOffsets.\(clock).nanosecs", "is a second or more")
      }
      text += "\(clock) \(offset.secs ?? 0) \(offset.nanosecs ?? 0)\n"
    }
    return text
  }

  private func checkMappings() throws(RuntimeError) {
    if new.contains(.user) {
      guard !uidMappings.isEmpty else { throw RuntimeError(at: "linux.uidMappings", "a user namespace needs them") }
      guard !gidMappings.isEmpty else { throw RuntimeError(at: "linux.gidMappings", "a user namespace needs them") }
    } else if !joins(.user), !uidMappings.isEmpty || !gidMappings.isEmpty {
      throw RuntimeError(at: "linux.uidMappings", "there is no user namespace to map")
    }
    try uidMappings.check("linux.uidMappings")
    try gidMappings.check("linux.gidMappings")
  }

  private static func open(_ path: String, _ kind: NamespaceKinds, _ culprit: String) throws(RuntimeError) -> Joined {
    let descriptor = try explaining(culprit) { () throws(SyscallError) in try FileDescriptor.open(path) }
    let actual = try explaining(culprit) { () throws(SyscallError) in try descriptor.namespaceKind() }
    guard actual == kind else { throw RuntimeError(at: culprit, "\(path) is not a namespace of this type") }
    return Joined(kind, culprit, owning: descriptor)
  }
}

extension LinuxNamespaceType {
  var kind: NamespaceKinds {
    switch self {
    case .mount: .mount
    case .pid: .pid
    case .network: .network
    case .uts: .uts
    case .ipc: .ipc
    case .user: .user
    case .cgroup: .cgroup
    case .time: .time
    }
  }
}
