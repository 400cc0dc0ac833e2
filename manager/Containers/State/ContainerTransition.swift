/// What happens to a container.
enum ContainerTransition: Equatable, Sendable {
  case started(ContainerState.Running)
  case startFailed(ContainerState.StartFailure, at: Timestamp)
  case exited(status: Int32, outOfMemory: Bool, at: Timestamp, error: String)
  /// The restart policy wants it to run again.
  case restartPlanned
  case restartCancelled
  case paused
  case resumed
  case removalBegan
  case removalFailed(reason: String)

  /// The operation that brings it about, for messages.
  var operation: String {
    switch self {
    case .started, .startFailed: "start"
    case .exited: "record the exit of"
    case .restartPlanned, .restartCancelled: "restart"
    case .paused: "pause"
    case .resumed: "unpause"
    case .removalBegan, .removalFailed: "remove"
    }
  }
}

/// A transition that the state does not allow.
struct IllegalTransition: Error, Equatable, CustomStringConvertible {
  var operation: String
  var status: ContainerState.Status

  var description: String { "cannot \(operation) a container that is \(status.rawValue)" }
}

extension ContainerState {
  /// The state after `transition`.
  /// - Throws: ``IllegalTransition`` naming the operation; the state stays as it is.
  func after(_ transition: ContainerTransition) throws(IllegalTransition) -> ContainerState {
    switch (self, transition) {
    case (.created, .started(let running)), (.exited, .started(let running)), (.restarting, .started(let running)):
      return .running(running)
    case (.created, .startFailed(let failure, _)): return .created(failure)
    case (.exited(let exit), .restartPlanned): return .restarting(exit)
    case (.restarting(let exit), .restartCancelled): return .exited(exit)
    case (.exited(let exit), .startFailed(let failure, let time)),
      (.restarting(let exit), .startFailed(let failure, let time)):
      return .exited(
        Exit(status: failure.status, startedAt: exit.startedAt, finishedAt: time, error: failure.message))
    case (.running(let running), .exited(let status, let outOfMemory, let time, let error)):
      // Somebody may have set the clock back meanwhile.
      return .exited(
        Exit(
          status: status, outOfMemory: outOfMemory, startedAt: running.startedAt,
          finishedAt: max(time, running.startedAt), error: error))
    case (.running(var running), .paused) where !running.isPaused:
      running.isPaused = true
      return .running(running)
    case (.running(var running), .resumed) where running.isPaused:
      running.isPaused = false
      return .running(running)
    case (.created, .removalBegan), (.exited, .removalBegan), (.dead, .removalBegan), (.removing, .removalBegan):
      return .removing
    case (.removing, .removalFailed(let reason)): return .dead(reason: reason)
    default: throw IllegalTransition(operation: transition.operation, status: status)
    }
  }
}
