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
    if bytes.isEmpty { throw RuntimeError("the container's first process ended unexpectedly") }
    guard let message = HandshakeMessage(bytes) else { throw RuntimeError("an unintelligible message from the init") }
    if case .failed(let reason) = message { throw RuntimeError(reason) }
    return message
  }

  /// Waits until the other side lets this one go on.
  func waitToProceed() throws(RuntimeError) {
    guard try receive() == .proceed else { throw RuntimeError("an unexpected message from the runtime") }
  }
}
