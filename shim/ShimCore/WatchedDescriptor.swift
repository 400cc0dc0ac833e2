internal import LinuxKernel

/// A descriptor and what the event loop watches it for. Closed when it is released.
final class WatchedDescriptor {
  let descriptor: FileDescriptor
  private let loop: EventLoop
  private var token: UInt64?
  private var events: Epoll.Events?
  private let me = WeakReference<WatchedDescriptor>()
  /// Called when something that is being watched for has happened.
  var handler: (Epoll.Events) -> Void = { _ in }

  init(_ descriptor: consuming FileDescriptor, _ loop: EventLoop) {
    self.descriptor = descriptor
    self.loop = loop
    me.object = self
  }

  /// Watches for `events` from now on. `nil` stops it; with an empty set hang-ups are still reported.
  func watch(_ events: Epoll.Events?) {
    guard events != self.events else { return }
    self.events = events
    switch (token, events) {
    case (let token?, let events?): loop.change(token, descriptor, events)
    case (let token?, nil):
      loop.remove(token, descriptor)
      self.token = nil
    case (nil, let events?):
      token = loop.register(descriptor, events) { [me] in me.object?.handler($0) }
    case (nil, nil): break
    }
  }

  deinit {
    me.object = nil
    if let token { loop.remove(token, descriptor) }
  }
}
