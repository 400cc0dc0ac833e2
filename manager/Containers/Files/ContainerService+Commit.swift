internal import LinuxKernel
internal import Tar

/// What an image can be made of a container from.
public struct ContainerSnapshot: Sendable {
  public var record: ContainerRecord
  /// A layer's archive (image-spec layer.md) of what the container has changed.
  public var changes: FileArchive
}

extension ContainerService {
  /// Gives `body` what the container has changed.
  /// - Parameter isPausing: whether a container that runs stands still meanwhile.
  /// - Throws: ``ContainerError/notFound(_:)``, ``ContainerError/conflict(_:)`` if it is being removed.
  public func commit<Value: Sendable>(
    _ name: String, isPausing: Bool, _ body: @Sendable (ContainerSnapshot) async throws -> Value
  ) async throws -> Value {
    let container = try index.find(name).container
    let pauses = isPausing ? try await container.pauseForCommit() : false
    let result: Result<Value, any Error>
    do { result = .success(try await body(try await snapshot(container))) } catch { result = .failure(error) }
    if pauses { await container.resumeAfterCommit() }
    return try result.get()
  }

  private func snapshot(_ container: Container) async throws -> ContainerSnapshot {
    let record = await container.record
    // Refused if the container is being removed.
    let whole = try await container.view(hasBinds: false)
    let differences = try await surroundings.rootfs.differences(
      record.id, chainID: record.chainID, at: paths.views, ignoring: Self.mountPoints)
    let view = differences?.view ?? whole
    let threads = surroundings.threads
    let empty = paths.views
    let archive = try await threads.runIfActive {
      // Of one that was never started there is nothing: an empty directory.
      let tree =
        try differences.map { try $0.archive(ignoring: Self.mountPoints) }
        ?? TreeArchive(of: FileDescriptor.open(empty, [.readOnly, .directory]), named: nil)
      return FileArchive(tree, of: view, on: threads)
    }
    return ContainerSnapshot(record: record, changes: archive)
  }

  /// Tells that an image was made of the container.
  public func committed(_ name: String, imageID: String, imageName: String, comment: String) async throws {
    await (try index.find(name).container).tell(
      "commit", ["comment": comment, "imageID": imageID, "imageRef": imageName])
  }
}

extension RootfsDifferences {
  /// A layer's archive.
  fileprivate func archive(ignoring ignored: Set<String>) throws(SyscallError) -> TreeArchive {
    guard let changes else {
      return try TreeArchive(
        of: view.root.duplicate(), named: nil, differences: OverlayDifferences(ignoring: ignored))
    }
    var paths = ChangedPaths()
    for change in changes { paths.add(change.path, isGone: change.kind == .deleted) }
    return try TreeArchive(of: view.root.duplicate(), named: nil, changes: paths)
  }
}

extension Container {
  /// - Returns: whether it ran and stands still now.
  fileprivate func pauseForCommit() async throws -> Bool {
    guard let running = record.state.running, !running.isPaused else { return false }
    do { try await pause() } catch ContainerError.conflict {
      // It has ended meanwhile, or somebody else has paused it.
      return false
    }
    return true
  }

  fileprivate func resumeAfterCommit() async {
    do { try await unpause() } catch {
      // It was ended or let go meanwhile; else it stays paused, which everybody can see.
      logger.warning("it was not resumed after a commit: \(error)")
    }
  }
}
