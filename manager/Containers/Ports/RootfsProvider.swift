public import LinuxKernel

/// Root file systems of containers. Implemented on the snapshots domain.
public protocol RootfsProvider: Sendable {
  /// - Throws: ``ContainerError`` if nobody would hold a container to a limit of what it writes.
  func requireLimits() async throws

  /// Makes the container's writable layer, which takes so many bytes at most, unless it is there.
  func make(_ id: ContainerID, chainID: String, limit: UInt64) async throws

  /// Mounts the container's root file system at `path`, which exists; makes its writable layer the first time.
  func mount(_ id: ContainerID, chainID: String, at path: String) async throws

  /// Unmounts `path`. Nothing mounted there is fine.
  func unmount(_ id: ContainerID, at path: String) async throws

  /// Mounts an image's files at the directory `path`, for reading only.
  /// - Parameter chainID: of its topmost layer; empty for an image without layers, which has none.
  func mountImage(chainID: String, at path: String) async throws

  /// Removes the writable layer. None there is fine.
  func remove(_ id: ContainerID) async throws

  /// The driver's name, as `docker info` shows it.
  var driver: String { get }

  /// What the driver says of itself, names and values, as `docker info` shows them.
  func status() async throws -> [[String]]

  /// Bytes that the container has written; 0 if it was never mounted.
  func usage(_ id: ContainerID) async throws -> Int64

  /// The container's files, as the container has them.
  func view(_ id: ContainerID, chainID: String, _ request: RootfsViewRequest) async throws -> RootfsView

  /// What the container has changed in its image's files, by path; nothing if it was never mounted.
  /// - Parameters:
  ///   - folder: as in ``RootfsViewRequest/folder``.
  ///   - ignored: paths that do not count.
  func changes(
    _ id: ContainerID, chainID: String, at folder: String, ignoring ignored: Set<String>
  ) async throws -> [FileChange]

  /// What the container has changed, for a layer; `nil` if it was never mounted. Parameters as of
  /// ``changes(_:chainID:at:ignoring:)``.
  func differences(
    _ id: ContainerID, chainID: String, at folder: String, ignoring ignored: Set<String>
  ) async throws -> RootfsDifferences?

  /// Where the root file system's parts are.
  func place(_ id: ContainerID, chainID: String) async throws -> RootfsPlace
}

/// What a driver tells of a container's root file system: inspect's `GraphDriver`.
public struct RootfsPlace: Equatable, Sendable {
  public var driver: String
  /// Paths by the driver's names for them; `nil` if it has none.
  public var data: [String: String]?

  public init(driver: String, data: [String: String]?) {
    self.driver = driver
    self.data = data
  }
}

/// How a container's files are to be seen.
public struct RootfsViewRequest: Equatable, Sendable {
  public enum Source: Equatable, Sendable {
    /// As they are mounted at a path.
    case mounted(at: String)
    /// They are mounted nowhere, and only read. Its writable layer may be made for that.
    case unmounted
    /// The container is being made, and has no writable layer: those of its image, which are only read.
    case new
    /// They are mounted nowhere, and stay so as long as the view is there.
    case writable
  }

  public var source: Source
  /// An existing directory that can be covered for a moment, where nobody sees it.
  public var folder: String
  /// Files and directories of the host that the container has as well, outer ones first.
  public var binds: [MountRequest] = []
  public var isReadOnly = false

  public init(source: Source, folder: String) {
    self.source = source
    self.folder = folder
  }
}

/// A container's files for somebody outside, who can reach nothing else through them: see `FileDescriptor.ResolveOptions`.
public final class RootfsView: Sendable {
  /// The root directory, open as a path.
  public let root: FileDescriptor
  /// What keeps it there.
  private let owner: any Sendable

  public init(root: consuming FileDescriptor, owner: any Sendable) {
    self.root = root
    self.owner = owner
  }
}

/// What of a container's files has changed.
public struct RootfsDifferences: Sendable {
  public var view: RootfsView
  /// `nil`: the view has nothing else, as overlayfs keeps it in an upper directory.
  public var changes: [FileChange]?

  public init(view: RootfsView, changes: [FileChange]?) {
    self.view = view
    self.changes = changes
  }
}

/// Something that a container has changed.
public struct FileChange: Equatable, Sendable {
  public enum Kind: Int, Sendable {
    case modified = 0
    case added = 1
    case deleted = 2
  }

  /// Absolute; need not be UTF-8.
  public var path: [UInt8]
  public var kind: Kind

  public init(path: [UInt8], kind: Kind) {
    self.path = path
    self.kind = kind
  }
}
