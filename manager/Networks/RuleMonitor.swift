internal import Dispatch
internal import LinuxKernel

/// Says when anybody changes the rules of nftables in the namespace where it was made.
struct RuleMonitor: Sendable {
  /// One element for any number of changes since the last was taken. Ends never by itself; the socket is closed when the reader goes.
  let changes: AsyncStream<Void>

  init() throws(NetworkError) {
    let subscription: Subscription
    do throws(SyscallError) {
      subscription = Subscription(try NetlinkSubscription(.netfilter, group: NetlinkSubscription.nftables))
    } catch { throw .kernel(operation: "watch the rules", reason: error.description) }
    changes = AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let source = DispatchSource.makeReadSource(fileDescriptor: subscription.socket.number)
      source.setEventHandler {
        subscription.socket.drain()
        continuation.yield()
      }
      // Keeps the socket open until the source has let go of it.
      source.setCancelHandler { withExtendedLifetime(subscription) {} }
      let cancel = Cancellation(source)
      continuation.onTermination = { _ in cancel.source.cancel() }
      source.activate()
    }
  }

  private final class Subscription: Sendable {
    let socket: NetlinkSubscription
    init(_ socket: consuming NetlinkSubscription) { self.socket = socket }
  }

  /// A dispatch source is made for use from several threads, but not declared so.
  private struct Cancellation: @unchecked Sendable {
    let source: any DispatchSourceRead
    init(_ source: any DispatchSourceRead) { self.source = source }
  }
}
