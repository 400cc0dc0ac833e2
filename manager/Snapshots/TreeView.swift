public import LinuxKernel

/// A tree that is mounted for its holder alone, in a mount namespace without a process: nobody else sees it, nobody can
/// change what is mounted in it, and it is gone when its holder is, however that ends.
public final class TreeView: Sendable {
  /// A file or directory of the host in the tree.
  public struct Bind: Equatable, Sendable {
    public var source: String
    /// A path in the tree; the links in it do not lead out.
    public var target: String
    public var isReadOnly: Bool
    /// Whether mounts under the source come along.
    public var isRecursive: Bool
    /// How the ids of its files are shown; `nil`: as they are.
    public var ids: IDMap?

    public init(source: String, target: String, isReadOnly: Bool, isRecursive: Bool, ids: IDMap? = nil) {
      self.source = source
      self.target = target
      self.isReadOnly = isReadOnly
      self.isRecursive = isRecursive
      self.ids = ids
    }
  }

  /// The tree's root directory, open as a path.
  public let root: FileDescriptor
  /// What keeps the mounts together.
  private let namespace: FileDescriptor

  /// Blocks. To be called on a thread that does nothing else and ends afterwards: its mount namespace and its root are
  /// changed for good.
  /// - Parameters:
  ///   - folder: an existing directory, which nobody else sees the tree at.
  ///   - binds: outer ones first. Those that have no source or no target any more are left out.
  ///   - mount: mounts the tree at `folder`.
  public init(
    at folder: String, binds: [Bind], isReadOnly: Bool, mount: (_ folder: String) throws -> Void
  ) throws {
    try NamespaceKinds.mount.unshare()
    try Mounts.mount(nil, on: "/", flags: [.recursive, .private])
    namespace = try FileDescriptor.open("/proc/thread-self/ns/mnt")
    try mount(folder)
    let sources = try binds.compactMap { try Source($0) }
    try WorkingDirectory.change(to: folder)
    try Mounts.pivotToWorkingDirectory()
    // Everything else goes: who unmounts something elsewhere need not wait for this.
    try Mounts.detach(".")
    try WorkingDirectory.change(to: "/")
    root = try FileDescriptor.open("/", [.pathOnly, .directory])
    if isReadOnly { try root.setMount(.readOnly) }
    for source in sources { try source.attach(below: root) }
  }

  /// A copy of a bind's source, attached nowhere yet.
  private final class Source {
    private let bind: Bind
    private let mount: FileDescriptor

    /// `nil` if it is not there.
    init?(_ bind: Bind) throws(SyscallError) {
      let tree: FileDescriptor
      do throws(SyscallError) {
        tree = try FileDescriptor.cloneMount(bind.source, recursive: bind.isRecursive)
      } catch {
        if error.errno == .noEntry || error.errno == .notDirectory { return nil }
        throw error
      }
      if let ids = bind.ids { try tree.mapIDs(ids, recursive: bind.isRecursive) }
      self.bind = bind
      mount = tree
    }

    func attach(below root: borrowing FileDescriptor) throws(SyscallError) {
      do throws(SyscallError) {
        let target = try root.open(at: bind.target, .pathOnly, resolve: [.inRoot, .noMagicLinks])
        if bind.isReadOnly { try mount.setMount(.readOnly, recursive: bind.isRecursive) }
        try mount.attachMount(to: target)
      } catch {
        // Not there, or a directory where the source is none.
        guard error.errno == .noEntry || error.errno == .notDirectory else { throw error }
      }
    }
  }
}
