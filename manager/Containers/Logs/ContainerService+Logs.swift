internal import LinuxKernel

extension ContainerService {
  /// The container's log, entry by entry, in order.
  ///
  /// With ``LogRequest/follow`` it goes on until the container exits or is removed, or the task is cancelled.
  /// - Throws: ``ContainerError/notFound(_:)``, ``ContainerError/unsupported(_:)`` if there is no log that could be read.
  public func logs(_ name: String, _ request: LogRequest) throws -> ContainerLog {
    let (container, record) = try index.find(name)
    guard record.host.logDriver == HostConfiguration.defaultLogDriver else {
      throw ContainerError.unsupported("configured logging driver does not support reading")
    }
    return ContainerLog(container: container, surroundings: surroundings, request: request)
  }
}

/// A log that is about to be read.
public struct ContainerLog: Sendable {
  let container: Container
  let surroundings: ContainerSurroundings
  let request: LogRequest

  /// - Parameter body: given some entries at a time; the log waits for it.
  public func read(_ body: @escaping @Sendable ([LogEntry]) async throws -> Void) async throws {
    let reader = LogReader(path: surroundings.paths.log(container.id), tail: request.tail)
    if request.follow { try await follow(reader, body) } else { _ = try await drain(reader, body) }
  }

  /// Reads to the end of what is there.
  private func drain(
    _ reader: LogReader, _ body: @Sendable ([LogEntry]) async throws -> Void
  ) async throws -> LogReader {
    var reader = reader
    while true {
      let (next, entries) = try await surroundings.threads.runIfActive { [reader] in
        var reader = reader
        let entries = try reader.next()
        return (reader, entries)
      }
      reader = next
      if entries.isEmpty { return reader }
      let wanted = entries.filter(request.wants)
      if !wanted.isEmpty { try await body(wanted) }
      try Task.checkCancellation()
    }
  }

  private func follow(_ reader: LogReader, _ body: @Sendable ([LogEntry]) async throws -> Void) async throws {
    // One event stands for any number of changes.
    let (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let folder = surroundings.paths.data(container.id)
    let watch = try await FolderEvents.watch(folder, on: surroundings.group) { continuation.yield() }
    defer { watch.stop() }
    let key = await container.notify { continuation.yield() }
    var reader = reader
    continuation.yield()
    for await _ in events {
      // Asked before reading: what was written before the end is then read below.
      let isLive = await container.mayWrite
      reader = try await drain(reader, body)
      if !isLive { break }
      if let until = request.until, until < .now() { break }
    }
    await container.cancelNotification(key)
    try Task.checkCancellation()
  }
}

extension Container {
  /// Whether more may come to the log: it runs, or has yet to.
  var mayWrite: Bool {
    if isGone { return false }
    switch record.state {
    case .created, .running: return true
    case .exited, .restarting, .removing, .dead: return false
    }
  }
}
