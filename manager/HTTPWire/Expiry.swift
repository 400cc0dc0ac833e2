internal import NIOCore
internal import Synchronization

/// Closes a connection whose peer lets us wait for too long. A deadline that moves away wakes no event loop: the timer finds
/// out when it fires.
final class Expiry: Sendable {
  private struct State {
    /// When the connection is to be closed; `nil` while nobody waits for the peer.
    var deadline: NIODeadline?
    var timer: (due: NIODeadline, task: Scheduled<Void>)?
    var hasEnded = false
  }

  private let channel: any Channel
  private let state = Mutex(State())

  init(_ channel: any Channel) { self.channel = channel }

  /// - Parameter delay: from now; `nil`: never.
  func set(_ delay: TimeAmount?) {
    state.withLock { state in
      state.deadline = delay.map { .now() + $0 }
      guard let deadline = state.deadline, !state.hasEnded, deadline < (state.timer?.due ?? .distantFuture) else {
        return
      }
      state.timer?.task.cancel()
      state.timer = (deadline, schedule(deadline))
    }
  }

  /// To be called when the connection is closed: nothing of it stays behind in the event loop.
  func end() {
    state.withLock { state in
      state.hasEnded = true
      state.timer?.task.cancel()
      state.timer = nil
    }
  }

  private func schedule(_ deadline: NIODeadline) -> Scheduled<Void> {
    channel.eventLoop.scheduleTask(deadline: deadline) { [weak self] in self?.fire() }
  }

  private func fire() {
    let isOver = state.withLock { state in
      state.timer = nil
      guard let deadline = state.deadline, !state.hasEnded else { return false }
      guard deadline > .now() else { return true }
      state.timer = (deadline, schedule(deadline))
      return false
    }
    if isOver { channel.close(promise: nil) }
  }
}
