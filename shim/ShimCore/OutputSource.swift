package import LinuxKernel
internal import ShimProtocol

package enum OutputStream: Sendable {
  case stdout, stderr

  var frameKind: Frame.Kind {
    switch self {
    case .stdout: .stdout
    case .stderr: .stderr
    }
  }
}

/// What a process writes: the reading end of a pipe, or the master of its terminal.
package final class OutputSource {
  let stream: OutputStream
  private let watched: WatchedDescriptor
  private let isTerminal: Bool
  /// Whether every slave of the terminal is closed; one may be opened again.
  private var isHungUp = false
  private var endsOnHangUp = false
  package private(set) var isEnded = false
  /// Not read while held: the pipe fills up, and then the process waits.
  var isHeld = false { didSet { if isHeld != oldValue { updateWatch() } } }
  /// Given bytes that are there for the time of the call.
  package var received: (UnsafeRawBufferPointer) -> Void = { _ in }
  package var ended: () -> Void = {}

  private let loop: EventLoop
  /// Whether the pipe has been made to hold more.
  private var isWide = false
  private let me = WeakReference<OutputSource>()

  /// Bytes of a pipe whose writer is faster than this reader: each wakes the other less often then.
  private static let wide = 256 << 10

  package init(
    _ descriptor: consuming FileDescriptor, _ stream: OutputStream, isTerminal: Bool, _ loop: EventLoop
  ) {
    self.stream = stream
    self.isTerminal = isTerminal
    self.loop = loop
    watched = WatchedDescriptor(descriptor, loop)
    me.object = self
    watched.handler = { [me] _ in _ = me.object?.readOnce() }
  }

  deinit { me.object = nil }

  func start() { updateWatch() }

  /// The process is gone: nobody opens its terminal again, so a hang-up is the end from now on.
  func processExited() {
    endsOnHangUp = true
    if isHungUp { end() }
  }

  /// Text that is there without waiting, taken out of the stream; empty if there is none.
  func take(limit: Int) -> String {
    do throws(SyscallError) {
      return String(decoding: try watched.descriptor.readChunk(limit: limit), as: UTF8.self)
    } catch { return "" }
  }

  /// Ends after what is there at this moment, however long it took to read what was there before: a log whose disk is slow
  /// may have been written meanwhile.
  package func endAfterRest() {
    do throws(SyscallError) {
      var left = try watched.descriptor.readableBytes()
      while !isEnded, left > 0 {
        let count = readOnce()
        guard count > 0 else { break }
        left -= count
      }
    } catch { loop.report("cannot tell what a process has written last: \(error)") }
    end()
  }

  private func end() {
    guard !isEnded else { return }
    isEnded = true
    watched.watch(nil)
    ended()
  }

  private func updateWatch() {
    guard !isEnded else { return }
    // A terminal that is hung up would be reported for ever; only a change is of interest.
    watched.watch(isHeld ? nil : isHungUp ? [.readable, .edgeTriggered] : .readable)
  }

  /// - Returns: how many bytes came; 0 if there were none.
  private func readOnce() -> Int {
    do throws(SyscallError) {
      let room = loop.readBuffer.memory
      let count = try watched.descriptor.read(into: room)
      guard count > 0 else {
        end()
        return 0
      }
      if isHungUp {
        isHungUp = false
        updateWatch()
      }
      if count == room.count { widen() }
      received(UnsafeRawBufferPointer(rebasing: room[..<count]))
      return count
    } catch {
      if error.errno != .wouldBlock { hangUp() }
      return 0
    }
  }

  private func widen() {
    guard !isWide, !isTerminal else { return }
    isWide = true
    // Where the system's limit does not allow it, the pipe stays as it is.
    try? watched.descriptor.setPipeSize(OutputSource.wide)
  }

  /// A master answers EIO as long as no slave is open. The process may live on and open `/dev/tty` again.
  private func hangUp() {
    guard isTerminal, !endsOnHangUp else { return end() }
    isHungUp = true
    updateWatch()
  }
}

extension FileDescriptor {
  /// At most `limit` bytes, none at the end of the file.
  func readChunk(limit: Int) throws(SyscallError) -> [UInt8] {
    var failure: SyscallError?
    let chunk = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      do throws(SyscallError) { count = try read(into: UnsafeMutableRawBufferPointer(buffer)) } catch {
        failure = error
        count = 0
      }
    }
    if let failure { throw failure }
    return chunk
  }
}
