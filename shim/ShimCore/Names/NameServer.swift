internal import LinuxKernel
internal import ShimProtocol

/// Answers a container's questions about names, on a port of its network namespace that its packets to 127.0.0.11:53 are led to.
/// What it does not know is asked from the host's namespace, where the host's own name servers are within reach.
final class NameServer {
  let ports: NamePorts
  private let loop: EventLoop
  private let source: NameSource
  private let datagrams: WatchedDescriptor
  private let listener: WatchedDescriptor
  private var streams: [ObjectIdentifier: NameStream] = [:]
  private var inquiries: [ObjectIdentifier: NameInquiry] = [:]
  private var turn = 0
  private let me = WeakReference<NameServer>()

  /// Connections at a time; who comes later waits.
  private static let streamLimit = 32
  /// Questions to others at a time; the next is told that it failed.
  private static let inquiryLimit = 256
  /// Datagrams before others have their turn.
  private static let batch = 64

  /// - Parameter pid: a process in the container's network namespace.
  /// - Parameter path: of ``NameConfiguration``.
  init(pid: Int32, names path: String, _ loop: EventLoop) throws(SyscallError) {
    let sockets = try NameSockets.made(in: pid)
    ports = try sockets.ports()
    self.loop = loop
    source = NameSource(path, report: loop.report)
    (datagrams, listener) = sockets.watched(by: loop)
    me.object = self
    datagrams.handler = { [me] _ in me.object?.readDatagrams() }
    listener.handler = { [me] _ in me.object?.accept() }
    datagrams.watch(.readable)
    listener.watch(.readable)
  }

  deinit { me.object = nil }

  // MARK: - Questions

  private func readDatagrams() {
    for _ in 0..<Self.batch {
      do throws(SyscallError) {
        guard let (count, sender) = try datagrams.descriptor.receiveDatagram(into: loop.readBuffer.memory) else {
          return
        }
        let message = Array(loop.readBuffer.memory[..<count])
        answer(message, isDatagram: true) { [me] bytes in me.object?.send(bytes, to: sender) }
      } catch { return loop.report("cannot receive a question: \(error)") }
    }
  }

  /// An answer that the network does not take is lost, as any datagram may be.
  private func send(_ bytes: [UInt8], to sender: InternetEndpoint) {
    do throws(SyscallError) { try datagrams.descriptor.sendDatagram(bytes, to: sender) } catch {}
  }

  private func accept() {
    do throws(SyscallError) {
      while streams.count < Self.streamLimit, let connection = try listener.descriptor.acceptConnection() {
        let stream = NameStream(connection, loop) { [me] message, reply in
          me.object?.answer(message, isDatagram: false, reply)
        }
        let id = ObjectIdentifier(stream)
        streams[id] = stream
        stream.whenOver = { [me] in me.object?.forget(stream: id) }
      }
      if streams.count >= Self.streamLimit { listener.watch(nil) }
    } catch { loop.report("cannot accept a question: \(error)") }
  }

  private func forget(stream: ObjectIdentifier) {
    streams[stream] = nil
    listener.watch(.readable)
  }

  /// - Parameter reply: called once, now or later; not at all for what deserves no answer.
  private func answer(_ message: [UInt8], isDatagram: Bool, _ reply: @escaping ([UInt8]) -> Void) {
    guard let query = NameQuery(message) else {
      if let error = NameAnswer.malformed(message) { reply(error) }
      return
    }
    turn &+= 1
    let tables = source.current()
    switch NameLookup(query, in: tables, aliases: source.aliases, turn: turn & 0xFFFF) {
    case .answer(let answer): reply(answer.bytes(for: query, isDatagram: isDatagram))
    case .unknown: ask(message, query, isDatagram, reply)
    }
  }

  private func ask(_ message: [UInt8], _ query: NameQuery, _ isDatagram: Bool, _ reply: @escaping ([UInt8]) -> Void) {
    let servers = source.configuration.servers.compactMap { IPAddress($0) }
    let failed = NameAnswer(.failed).bytes(for: query, isDatagram: isDatagram)
    guard !servers.isEmpty, inquiries.count < Self.inquiryLimit else { return reply(failed) }
    let inquiry = NameInquiry(message, query, isDatagram ? .datagram : .stream, servers, loop)
    let id = ObjectIdentifier(inquiry)
    inquiries[id] = inquiry
    inquiry.begin { [me] answer in
      me.object?.inquiries[id] = nil
      reply(answer ?? failed)
    }
  }
}
