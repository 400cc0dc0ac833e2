internal import Containers
internal import LinuxKernel
internal import NIOPosix
internal import OCIImageSpec
internal import Snapshots

/// Gives containers their root file systems.
struct SnapshotsForContainers<Driver: Snapshotter>: RootfsProvider {
  let snapshotter: Driver
  let threads: NIOThreadPool

  func requireLimits() async throws {
    guard try await !threads.runIfActive({ try snapshotter.keepsLimits() }) else { return }
    throw ContainerError.failed("--storage-opt is supported only for overlay over xfs with 'pquota' mount option")
  }

  func make(_ id: ContainerID, chainID: String, limit: UInt64) async throws {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    try await threads.runIfActive { try snapshotter.makeContainer(id.text, on: chain, limit: limit) }
  }

  func mount(_ id: ContainerID, chainID: String, at path: String) async throws {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    try await threads.runIfActive { try snapshotter.mountContainer(id.text, on: chain, at: path) }
  }

  func mountImage(chainID: String, at path: String) async throws {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    try await threads.runIfActive { try snapshotter.viewLayers(of: chain, at: path) }
  }

  func unmount(_ id: ContainerID, at path: String) async throws {
    try await threads.runIfActive { try snapshotter.unmountContainer(id.text, at: path) }
  }

  func remove(_ id: ContainerID) async throws {
    try await threads.runIfActive { try snapshotter.removeContainer(id.text) }
  }

  var driver: String { snapshotter.name }

  func status() async throws -> [[String]] { try await threads.runIfActive { try snapshotter.status() } }

  func usage(_ id: ContainerID) async throws -> Int64 {
    try await threads.runIfActive {
      do { return try snapshotter.containerUsage(id.text).size } catch SnapshotError.containerNotFound { return 0 }
    }
  }

  func view(_ id: ContainerID, chainID: String, _ request: RootfsViewRequest) async throws -> RootfsView {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    let binds = try request.binds.map { try TreeView.Bind($0) }
    let view = try await view(at: request.folder, binds, isReadOnly: request.isReadOnly) { folder in
      switch request.source {
      case .mounted(let path):
        let mount = try FileDescriptor.cloneMount(path, recursive: false)
        try mount.attachMount(to: try FileDescriptor.open(folder, [.pathOnly, .directory]))
      case .unmounted: try snapshotter.viewContainer(id.text, on: chain, at: folder)
      case .new: try snapshotter.viewNewContainer(on: chain, at: folder)
      case .writable: try snapshotter.mountContainer(id.text, on: chain, at: folder)
      }
    }
    return RootfsView(root: try view.root.duplicate(), owner: view)
  }

  func changes(
    _ id: ContainerID, chainID: String, at folder: String, ignoring ignored: Set<String>
  ) async throws -> [FileChange] {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    let layers = try await view(at: folder) { try snapshotter.viewLayers(of: chain, at: $0) }
    return try await threads.runIfActive {
      try snapshotter.containerChanges(id.text, to: layers.root, ignoring: ignored).map { FileChange($0) }
    }
  }

  func differences(
    _ id: ContainerID, chainID: String, at folder: String, ignoring ignored: Set<String>
  ) async throws -> RootfsDifferences? {
    if snapshotter.keepsDifferences {
      return try await threads.runIfActive {
        guard let root = try snapshotter.containerDifferences(id.text) else { return nil }
        return RootfsDifferences(view: RootfsView(root: root, owner: id), changes: nil)
      }
    }
    guard try await threads.runIfActive({ try snapshotter.containsContainer(id.text) }) else { return nil }
    let changes = try await changes(id, chainID: chainID, at: folder, ignoring: ignored)
    let view = try await view(id, chainID: chainID, RootfsViewRequest(source: .unmounted, folder: folder))
    return RootfsDifferences(view: view, changes: changes)
  }

  /// On a thread of its own, that is not used for anything else afterwards.
  private func view(
    at folder: String, _ binds: [TreeView.Bind] = [], isReadOnly: Bool = false,
    _ mount: @escaping @Sendable (String) throws -> Void
  ) async throws -> TreeView {
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    let view: Result<TreeView, any Error>
    do {
      view = .success(
        try await thread.runIfActive {
          try TreeView(at: folder, binds: binds, isReadOnly: isReadOnly, mount: mount)
        })
    } catch { view = .failure(error) }
    try await thread.shutdownGracefully()
    return try view.get()
  }

  func place(_ id: ContainerID, chainID: String) async throws -> RootfsPlace {
    let chain = chainID.isEmpty ? nil : try Digest(chainID)
    let place = try await threads.runIfActive { try snapshotter.containerPlace(id.text, on: chain) }
    let data = place.map { ["LowerDir": $0.lower.joined(separator: ":"), "UpperDir": $0.upper, "WorkDir": $0.work] }
    return RootfsPlace(driver: driver, data: data)
  }
}

extension TreeView.Bind {
  init(_ mount: MountRequest) throws(ContainerError) {
    self.init(
      source: mount.source, target: mount.target, isReadOnly: mount.readOnly, isRecursive: mount.recursive,
      ids: try mount.ids())
  }
}

extension FileChange {
  init(_ change: TreeChange) {
    let kind: Kind =
      switch change.kind {
      case .modified: .modified
      case .added: .added
      case .deleted: .deleted
      }
    self.init(path: change.path, kind: kind)
  }
}

extension MountPoints {
  /// What every bundle mounts something on.
  static let ofContainers = MountPoints(
    folders: ["dev", "etc", "proc", "sys"], files: ["etc/hostname", "etc/hosts", "etc/resolv.conf"])
}
