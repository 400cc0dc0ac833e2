internal import ShimProtocol

extension Container {
  /// A place at the container's streams; before the start, at those that it will have.
  func attach(_ streams: StreamSelection, detachKeys: String) async throws -> Attachment {
    if isGone { throw ContainerError.notFound(id.text) }
    try checkNotPaused("first")
    try checkNotRestarting()
    let keys = try DetachKeys(detachKeys)
    let terminal = record.configuration.terminal
    var streams = streams
    streams.stdin = streams.stdin && record.configuration.openStdin
    let source: Attachment.Source
    switch record.state {
    case .running:
      do { source = .open(try await surroundings.shims.attach(streams.request(.container), to: bundle)) } catch {
        throw ContainerError.conflict("cannot attach to container \(record.name): \(error)")
      }
    case .created, .exited:
      let ticket = AttachTicket(streams)
      tickets = tickets.filter(\.isWaiting) + [ticket]
      source = .pending(ticket)
    case .restarting, .removing, .dead:
      throw ContainerError.conflict("cannot attach to a container that is \(record.state.status.rawValue)")
    }
    await tell("attach")
    return Attachment(
      source: source, selection: streams, detachKeys: terminal ? keys : nil, terminal: terminal,
      afterDetach: { [weak self] in await self?.tell("detach") })
  }
}
