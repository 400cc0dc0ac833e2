internal import Containers
internal import Events

/// Tells what happens to containers.
struct EventsOfContainers: EventRecorder {
  let log: EventLog

  func record(_ events: [ContainerEvent]) async { await log.append(events.map { Event($0) }) }
}

extension Event {
  init(_ event: ContainerEvent) {
    self.init(
      kind: event.subject == .container ? .container : .network, action: event.action, actor: event.id,
      attributes: event.attributes, time: event.time.nanoseconds)
  }
}
