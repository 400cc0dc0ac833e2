package import LinuxKernel

/// Waits for descriptors and deadlines, and calls who asked. One thread; everything else in the shim runs in its callbacks.
package final class EventLoop {
  package struct Timer: Hashable { fileprivate let id: UInt64 }

  private struct Deadline {
    var time: MonotonicTime
    var body: () -> Void
  }

  private let epoll: Epoll
  private var lastToken: UInt64 = 0
  private var handlers: [UInt64: (Epoll.Events) -> Void] = [:]
  private var deadlines: [UInt64: Deadline] = [:]
  private var isStopped = false
  let readBuffer = ReadBuffer()
  /// What cannot be told to anybody who asked, such as a descriptor that the kernel refuses to watch.
  package var report: (String) -> Void = { _ in }
  /// Called once, as soon as nothing has happened for ``idleDelay``, after something did.
  package var whenIdle: () -> Void = {}

  /// Milliseconds.
  private static let idleDelay: Int32 = 500

  package init() throws(SyscallError) { epoll = try Epoll() }

  /// Serves until ``stop()``.
  package func run() throws(SyscallError) {
    var isIdle = false
    while !isStopped {
      var happened = false
      try epoll.wait(milliseconds: patience(isIdle: isIdle)) { event in
        happened = true
        // Looked up one by one: an earlier event of the same batch may have ended this watch.
        handlers[event.token]?(event.events)
      }
      let fired = fireDeadlines()
      if happened || fired {
        isIdle = false
      } else if !isIdle {
        isIdle = true
        readBuffer.releaseMemory()
        whenIdle()
      }
    }
  }

  package func stop() { isStopped = true }

  // MARK: - Descriptors

  func register(
    _ descriptor: borrowing FileDescriptor, _ events: Epoll.Events, _ handler: @escaping (Epoll.Events) -> Void
  ) -> UInt64? {
    lastToken += 1
    do throws(SyscallError) { try epoll.add(descriptor, events, token: lastToken) } catch {
      report("cannot watch a descriptor: \(error)")
      return nil
    }
    handlers[lastToken] = handler
    return lastToken
  }

  func change(_ token: UInt64, _ descriptor: borrowing FileDescriptor, _ events: Epoll.Events) {
    do throws(SyscallError) { try epoll.modify(descriptor, events, token: token) } catch {
      report("cannot watch a descriptor: \(error)")
    }
  }

  func remove(_ token: UInt64, _ descriptor: borrowing FileDescriptor) {
    handlers[token] = nil
    do throws(SyscallError) { try epoll.remove(descriptor) } catch {
      report("cannot stop watching a descriptor: \(error)")
    }
  }

  // MARK: - Deadlines

  /// Calls `body` once, after `milliseconds`, unless cancelled.
  @discardableResult
  package func after(milliseconds: Int64, _ body: @escaping () -> Void) -> Timer {
    lastToken += 1
    deadlines[lastToken] = Deadline(time: .now + milliseconds, body: body)
    return Timer(id: lastToken)
  }

  package func cancel(_ timer: Timer) { deadlines[timer.id] = nil }

  private func patience(isIdle: Bool) -> Int32? {
    let idle: Int32? = isIdle ? nil : EventLoop.idleDelay
    guard let first = deadlines.values.map({ $0.time }).min() else { return idle }
    let left = Int32(clamping: max(0, first.milliseconds - MonotonicTime.now.milliseconds))
    return min(left, idle ?? left)
  }

  private func fireDeadlines() -> Bool {
    guard !deadlines.isEmpty else { return false }
    let now = MonotonicTime.now
    let due = deadlines.filter { $0.value.time <= now }.keys.sorted()
    // Taken one by one: an earlier one may cancel a later one.
    for id in due { deadlines.removeValue(forKey: id)?.body() }
    return !due.isEmpty
  }
}
