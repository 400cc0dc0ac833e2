internal import Containers
internal import Events

/// Tells what happens to containers.
struct EventsOfContainers: EventRecorder {
  let log: EventLog

  func record(_ events: [ContainerEvent]) async { await log.append(events.map { Event($0) }) }
}

extension Event {
  init(_ event: ContainerEvent) {
    let kind: Kind =
      switch event.subject {
      case .container: .container
      case .network: .network
      case .volume: .volume
      }
    self.init(
      kind: kind, action: event.action, actor: event.id,
      attributes: event.attributes, time: event.time.nanoseconds)
  }
}
