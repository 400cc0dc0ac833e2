internal import LinuxKernel

/// A connection with messages that have their length before them (RFC 1035 §4.2.2), one question at a time.
final class NameStream {
  typealias Asking = (_ message: [UInt8], _ reply: @escaping ([UInt8]) -> Void) -> Void

  private let connection: WatchedDescriptor
  private let loop: EventLoop
  private let ask: Asking
  private var input: [UInt8] = []
  private var output: [UInt8] = []
  private var isAsking = false
  private var isProceeding = false
  private var isOver = false
  private var patience: EventLoop.Timer?
  private let me = WeakReference<NameStream>()
  /// Called once; nothing happens afterwards.
  var whenOver: () -> Void = {}

  /// How long nothing may happen, in milliseconds.
  private static let longestSilence: Int64 = 10_000

  init(_ connection: consuming FileDescriptor, _ loop: EventLoop, ask: @escaping Asking) {
    self.connection = WatchedDescriptor(connection, loop)
    (self.loop, self.ask) = (loop, ask)
    me.object = self
    self.connection.handler = { [me] events in me.object?.happened(events) }
    self.connection.watch(.readable)
    wait()
  }

  deinit { me.object = nil }

  private func wait() {
    if let patience { loop.cancel(patience) }
    patience = loop.after(milliseconds: Self.longestSilence) { [me] in me.object?.end() }
  }

  private func end() {
    guard !isOver else { return }
    isOver = true
    connection.watch(nil)
    if let patience { loop.cancel(patience) }
    whenOver()
  }

  private func happened(_ events: Epoll.Events) {
    // Nobody is there to be answered any more.
    if events.contains(.hangUp) || events.contains(.error) { return end() }
    wait()
    proceed()
  }

  /// One question after the other, each when the last one's answer is out: whoever does not read is not answered further.
  private func proceed() {
    isProceeding = true
    defer { isProceeding = false }
    do throws(SyscallError) {
      while !isOver {
        if try !flush() { return connection.watch(.writable) }
        // What comes meanwhile stays in the kernel, and makes whoever sends too fast wait.
        if isAsking { return connection.watch([]) }
        if let message = nextMessage() {
          isAsking = true
          ask(message) { [me] answer in me.object?.reply(answer) }
          continue
        }
        connection.watch(.readable)
        let memory = loop.readBuffer.memory
        let count = try connection.descriptor.read(into: memory)
        guard count > 0 else { return end() }
        input += memory[..<count]
      }
    } catch {
      if error.errno != .wouldBlock { end() }
    }
  }

  private func nextMessage() -> [UInt8]? {
    guard input.count >= 2, input.count >= Int(input.number(0)) + 2 else { return nil }
    let length = Int(input.number(0)) + 2
    defer { input.removeFirst(length) }
    return Array(input[2..<length])
  }

  private func reply(_ answer: [UInt8]) {
    isAsking = false
    output.append(number: UInt16(clamping: answer.count))
    output += answer.prefix(0xFFFF)
    // One that is answered at once is asked further by who asked.
    if !isProceeding, !isOver { proceed() }
  }

  /// - Returns: whether everything is out.
  private func flush() throws(SyscallError) -> Bool {
    while !output.isEmpty {
      let sent: Int
      do throws(SyscallError) {
        let result: Result<Int, SyscallError> = output.withUnsafeBytes { bytes in
          do throws(SyscallError) { return .success(try connection.descriptor.send(bytes)) } catch {
            return .failure(error)
          }
        }
        sent = try result.get()
      } catch {
        if error.errno == .wouldBlock { return false }
        throw error
      }
      output.removeFirst(sent)
    }
    return true
  }
}
