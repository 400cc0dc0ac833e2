internal import Synchronization

/// Whom the daemon is about to start by their restart policies: who needs them waits until that has been tried.
final class PolicyStarts: Sendable {
  /// How long at most somebody waits for all that he needs.
  static let patience = Duration.seconds(30)

  private let pending = Mutex<[ContainerID: [AsyncStream<Void>.Continuation]]>([:])

  func expect(_ ids: [ContainerID]) {
    pending.withLock { pending in
      for id in ids where pending[id] == nil { pending[id] = [] }
    }
  }

  /// It runs, or could not be started. Harmless if nobody expected it.
  func settle(_ id: ContainerID) {
    let waiting = pending.withLock { $0.removeValue(forKey: id) } ?? []
    for continuation in waiting { continuation.finish() }
  }

  /// Returns when none of them is expected any more, when patience ends, or when the task is cancelled.
  func wait(for ids: [ContainerID], patience: Duration = patience) async {
    let streams = pending.withLock { pending in
      ids.compactMap { id -> AsyncStream<Void>? in
        guard pending[id] != nil else { return nil }
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        pending[id]?.append(continuation)
        return stream
      }
    }
    guard !streams.isEmpty else { return }
    await withTaskGroup { group in
      group.addTask { for stream in streams { for await _ in stream {} } }
      // Cancelled: the others are settled.
      group.addTask { do { try await Task.sleep(for: patience) } catch { return } }
      await group.next()
      group.cancelAll()
    }
  }
}

extension ContainerRecord {
  /// Whether the daemon starts it by its restart policy when it starts itself.
  var isDueWithDaemon: Bool {
    switch state {
    case .restarting: true
    case .exited: host.restartPolicy.startsWithDaemon(wasStopped: wasStopped)
    case .created, .running, .removing, .dead: false
    }
  }

  /// Those that must run when it starts: whom it has links to, and whose namespaces it shares. They were made before it, so that
  /// nobody needs himself.
  var needs: [ContainerID] {
    var names = host.links.map(\.target)
    if case .container(let name) = host.networkMode { names.append(name) }
    if case .container(let name) = host.pidMode { names.append(name) }
    if case .container(let name) = host.ipcMode { names.append(name) }
    return names.compactMap { ContainerID($0) }
  }
}
