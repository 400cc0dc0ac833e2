import LinuxKernel
import NIOPosix
import ShimProtocol
import Testing

@testable import Containers

/// A connection whose shim goes away.
@Suite struct ShimConnectionTests {
  /// The kernel resets a connection whose other end is closed before everything in it was read.
  @Test func aResetIsAShimThatIsGone() async throws {
    let folder = "/tmp/proa-shim-connection-\(CurrentProcess.pid)"
    try Directory.make(folder)
    defer { try? Directory.removeTree(folder) }
    let bundle = BundleLayout(path: folder)
    let listener = try UnixSocket.listen(at: bundle.socket)
    let connector = ShimConnector(executable: "/", group: MultiThreadedEventLoopGroup.singleton, threads: .singleton)
    let session = try await connector.connect(to: bundle)
    let answer = Task { try await session.ask(.state) }
    try closeWithARequestUnread(listener)
    await #expect(throws: ShimUnreachable.self) { try await answer.value }
  }

  private func closeWithARequestUnread(_ listener: borrowing FileDescriptor) throws {
    guard let peer = try listener.acceptConnection() else {
      Issue.record("nobody has connected")
      return
    }
    let deadline = Deadline(afterMilliseconds: 10_000)
    while try peer.readableBytes() == 0 {
      try #require(!deadline.hasPassed, "no request has come")
      deadline.pause(milliseconds: 1)
    }
  }
}
