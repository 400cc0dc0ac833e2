internal import LinuxKernel

/// A question that is passed on, as it came, to one name server after the other until one answers.
final class NameInquiry {
  private let message: [UInt8]
  private let query: NameQuery
  private let kind: InternetSocket.Kind
  private let loop: EventLoop
  private var servers: ArraySlice<IPAddress>
  private var socket: WatchedDescriptor?
  private var patience: EventLoop.Timer?
  private var whenDone: ([UInt8]?) -> Void = { _ in }
  /// Of a stream: what is not sent yet, and what has come.
  private var output: [UInt8] = []
  private var input: [UInt8] = []
  private let me = WeakReference<NameInquiry>()

  private static let port: UInt16 = 53
  /// For each server, in milliseconds.
  private static let longestSilence: Int64 = 3_000
  private static let serverLimit = 3

  init(_ message: [UInt8], _ query: NameQuery, _ kind: InternetSocket.Kind, _ servers: [IPAddress], _ loop: EventLoop) {
    (self.message, self.query, self.kind, self.loop) = (message, query, kind, loop)
    self.servers = servers.prefix(Self.serverLimit)
    me.object = self
  }

  deinit { me.object = nil }

  /// - Parameter done: called once, later, with the answer as it came; `nil` if nobody has one.
  func begin(_ done: @escaping ([UInt8]?) -> Void) {
    whenDone = done
    // Not at once: whoever asks has not kept this yet.
    patience = loop.after(milliseconds: 0) { [me] in me.object?.next() }
  }

  private func next() {
    socket?.watch(nil)
    guard let server = servers.popFirst() else { return end(nil) }
    (input, output) = ([], [])
    patience = loop.after(milliseconds: Self.longestSilence) { [me] in me.object?.next() }
    do throws(SyscallError) {
      let socket = WatchedDescriptor(
        try InternetSocket.connecting(kind, to: InternetEndpoint(server, Self.port)), loop)
      self.socket = socket
      if kind == .stream { output.append(number: UInt16(clamping: message.count)) }
      output += message
      socket.handler = { [me] _ in me.object?.proceed() }
      socket.watch(.writable)
    } catch { tryNext() }
  }

  private func tryNext() {
    if let patience { loop.cancel(patience) }
    next()
  }

  private func end(_ answer: [UInt8]?) {
    if let patience { loop.cancel(patience) }
    socket?.watch(nil)
    whenDone(answer)
  }

  private func proceed() {
    guard let socket else { return }
    do throws(SyscallError) {
      if !output.isEmpty {
        let result: Result<Int, SyscallError> = output.withUnsafeBytes { bytes in
          do throws(SyscallError) { return .success(try socket.descriptor.send(bytes)) } catch {
            return .failure(error)
          }
        }
        output.removeFirst(try result.get())
        return socket.watch(output.isEmpty ? .readable : .writable)
      }
      let memory = loop.readBuffer.memory
      let count = try socket.descriptor.read(into: memory)
      take(Array(memory[..<count]))
    } catch {
      if error.errno != .wouldBlock { tryNext() }
    }
  }

  private func take(_ bytes: [UInt8]) {
    guard kind == .stream else {
      // Anything else was not sent by the server that was asked.
      if isAnswer(bytes) { end(bytes) }
      return
    }
    guard !bytes.isEmpty else { return tryNext() }
    input += bytes
    guard input.count >= 2, input.count >= Int(input.number(0)) + 2 else { return }
    let answer = Array(input[2..<(Int(input.number(0)) + 2)])
    if isAnswer(answer) { end(answer) } else { tryNext() }
  }

  private func isAnswer(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 12 && bytes.number(0) == query.id && bytes[2] & 0x80 != 0
  }
}
