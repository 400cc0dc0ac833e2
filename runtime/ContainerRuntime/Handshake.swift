internal import LinuxKernel

/// One end of the conversation that ``HandshakeMessage`` draws.
struct Handshake: ~Copyable {
  let socket: MessageSocket

  func send(_ message: HandshakeMessage) throws(RuntimeError) {
    do { try socket.send(message.bytes) } catch {
      guard error.errno == .brokenPipe else { throw RuntimeError(error) }
      // The other end has gone, but may have said why.
      let last = try explaining { () throws(SyscallError) in try socket.receive() }
      if case .failed(let reason)? = HandshakeMessage(last) {
        throw RuntimeError(reason)
      }
      throw RuntimeError("the container's first process ended unexpectedly")
    }
  }

  /// The next message.
  /// - Throws: the other side's reason if it has failed; its silence if it has ended.
  func receive() throws(RuntimeError) -> HandshakeMessage {
    let bytes = try explaining { () throws(SyscallError) in
      do throws(SyscallError) { return try socket.receive() } catch {
        // Killed before it has read everything that it was told.
        guard error.errno == .connectionReset else { throw error }
        return []
      }
    }
    return try message(bytes)
  }

  /// The next message of `process`, which may end without closing the other end: this process has that as well still, or
  /// what `process` has started.
  func receive(from process: borrowing StartedProcess) throws(RuntimeError) -> HandshakeMessage {
    let (messages, end) = (socket.descriptor.number, process.descriptor.number)
    let hasMessage = try explaining { () throws(SyscallError) in
      if try !Polling.wait([(messages, .readable), (end, .readable)])[0].isEmpty { return true }
      // It has ended, but may have said something while the kernel looked from the one to the other.
      return try socket.descriptor.waitReadable(milliseconds: 0)
    }
    guard hasMessage else { throw RuntimeError("the container's first process ended unexpectedly") }
    return try receive()
  }

  private func message(_ bytes: [UInt8]) throws(RuntimeError) -> HandshakeMessage {
    if bytes.isEmpty { throw RuntimeError("the container's first process ended unexpectedly") }
    guard let message = HandshakeMessage(bytes) else { throw RuntimeError("an unintelligible message from the init") }
    if case .failed(let reason) = message { throw RuntimeError(reason) }
    return message
  }

  /// The listener of the other side's filter, when the process that has sent it is gone.
  func receiveListener() throws(RuntimeError) -> FileDescriptor {
    var received = try explaining { () throws(SyscallError) in try socket.receiveWithDescriptors() }
    guard try message(received.bytes) == .listening, let listener = received.first.take(),
      let sender = received.second.take()
    else {
      throw RuntimeError("an unexpected message from the init")
    }
    // Only then may the other side have its own children's signals again.
    _ = try explaining { () throws(SyscallError) in try sender.waitReadable(milliseconds: -1) }
    return listener
  }

  /// Waits for `message`, or for why there is another.
  func expect(_ message: HandshakeMessage) throws(RuntimeError) {
    guard try receive() == message else { throw RuntimeError("an unexpected message from the init") }
  }

  /// Waits until the other side lets this one go on.
  func waitToProceed() throws(RuntimeError) {
    guard try receive() == .proceed else { throw RuntimeError("an unexpected message from the runtime") }
  }
}
